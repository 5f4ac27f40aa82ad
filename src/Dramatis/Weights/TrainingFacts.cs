using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Schedules;

namespace Dramatis.Weights;

/// <summary>What a single-file model says itself of how it was trained: by names of tensors without a value, or in its metadata.</summary>
internal static class TrainingFacts
{
    private const string Velocity = "v_pred";
    private const string PureNoise = "ztsnr";

    // Of the model specification, of other programs, and of trainers that say it by a switch.
    private static readonly string[] Names = ["modelspec.prediction_type", "prediction_type", "ss_prediction_type", "parameterization"];
    private static readonly string[] VelocitySwitches = ["ss_v_parameterization", "v_parameterization", Velocity];
    private static readonly string[] PureNoiseSwitches = ["ss_zero_terminal_snr", "zero_terminal_snr", PureNoise];

    /// <summary>What the network predicts; null where the file does not say it.</summary>
    /// <exception cref="InvalidCheckpointException">It predicts what does not exist here.</exception>
    public static Prediction? PredictionOf(TensorArchive archive, string root)
    {
        if (archive.Tensors.ContainsKey($"{root}{Velocity}"))
        {
            return Prediction.Velocity;
        }

        foreach (var name in Names)
        {
            if (archive.Metadata.GetValueOrDefault(name) is { Length: > 0 } word)
            {
                return PredictionNames.Find(word) ?? throw new InvalidCheckpointException(
                    archive.Path, $"its metadata say \"{name}\" is \"{word}\", which does not exist here; there is {string.Join(", ", PredictionNames.All)}.");
            }
        }

        return Array.Exists(VelocitySwitches, name => IsOn(archive, name)) ? Prediction.Velocity : null;
    }

    /// <summary>Whether the last timestep of training was pure noise.</summary>
    public static bool HasZeroTerminalSnr(TensorArchive archive, string root) =>
        archive.Tensors.ContainsKey($"{root}{PureNoise}") || Array.Exists(PureNoiseSwitches, name => IsOn(archive, name));

    private static bool IsOn(TensorArchive archive, string name) => archive.Metadata.GetValueOrDefault(name) is { } text
        && (text.Trim() == "1" || text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase));
}
