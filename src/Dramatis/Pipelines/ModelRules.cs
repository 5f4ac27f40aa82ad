using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Weights;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Pipelines;

/// <summary>What a request must keep to because of its model.</summary>
internal static class ModelRules
{
    /// <param name="request">Complete and valid.</param>
    /// <param name="scheduler">The model's, as the request changes it.</param>
    /// <exception cref="InvalidRequestException">The model cannot do that.</exception>
    /// <exception cref="InvalidConfigException">The model asks for what does not exist here.</exception>
    public static void Check(GenerationRequest request, BaseModel model, SchedulerConfig scheduler)
    {
        if (request.Sampler is null)
        {
            throw new InvalidConfigException(
                model.Folder.SchedulerPath,
                $"\"_class_name\" is \"{model.Scheduler.UnknownSampler}\", a way of sampling that does not exist here; choose a \"sampler\": "
                    + $"{string.Join(", ", SamplerKinds.All)}.");
        }

        ThrowUnless(
            request.Steps <= model.Scheduler.TrainTimesteps,
            "steps", $"{request.Steps} are more than the model's {model.Scheduler.TrainTimesteps} noise levels.");
        ThrowUnless(
            !scheduler.ZeroTerminalSnr || scheduler.Prediction != Prediction.Epsilon,
            "prediction", $"is \"epsilon\", but {model.Folder.SchedulerPath} says that the model was trained to pure noise (zero terminal SNR), where noise "
                + "says nothing of the picture. If it predicts velocities, give \"prediction\": \"v_prediction\"; else take \"rescale_betas_zero_snr\" out.");
        ThrowUnless(
            request.Frame is null || model.UNet.Config.Added is not null,
            "frame", "is for models like SDXL, which are told of sizes; this one is not. Leave it out.");
        ThrowUnless(
            !model.PaintsIntoPictures || request.Mask is not null,
            "mask", "is missing: this model only fills in masked parts of pictures. Give an \"image\" and a \"mask\", or use another model.");
    }
}
