using Dramatis.Requests;
using Dramatis.Weights;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Pipelines;

/// <summary>What a request must keep to because of its model.</summary>
internal static class ModelRules
{
    /// <param name="request">Complete and valid.</param>
    /// <exception cref="Errors.InvalidRequestException">The model cannot do that.</exception>
    public static void Check(GenerationRequest request, BaseModel model)
    {
        ThrowUnless(
            request.Steps <= model.Scheduler.TrainTimesteps,
            "steps", $"{request.Steps} are more than the model's {model.Scheduler.TrainTimesteps} noise levels.");
        ThrowUnless(
            request.Frame is null || model.UNet.Config.Added is not null,
            "frame", "is for models like SDXL, which are told of sizes; this one is not. Leave it out.");
        ThrowUnless(
            !model.PaintsIntoPictures || request.Mask is not null,
            "mask", "is missing: this model only fills in masked parts of pictures. Give an \"image\" and a \"mask\", or use another model.");
        CheckLater("loras", request.Loras.Count > 0);
        foreach (var (i, subject) in request.Subjects.Index())
        {
            CheckLater($"subjects[{i}].lora", subject.Lora is not null);
            CheckLater($"subjects[{i}].embedding", subject.Embedding is not null);
        }
    }

    // Part of the format, but nothing does it yet: better refused than painted without.
    private static void CheckLater(string field, bool isGiven) => ThrowUnless(!isGiven, field, "is not supported yet; leave it out.");
}
