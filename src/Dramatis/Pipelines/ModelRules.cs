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
    }
}
