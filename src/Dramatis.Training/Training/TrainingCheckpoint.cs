using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>The file that a stopped training goes on from.</summary>
internal static class TrainingCheckpoint
{
    public const string FileName = "checkpoint.safetensors";

    private const string StageField = "stage";
    private const string StepField = "step";
    private const string SettingMark = "setting.";

    /// <summary>Writes it whole or not at all; an older one is replaced only by a complete one.</summary>
    public static void Save(string path, TrainingStage stage, AdamW optimizer)
    {
        var metadata = stage.Settings.ToDictionary(setting => SettingMark + setting.Key, setting => setting.Value);
        metadata[StageField] = stage.Name;
        metadata[StepField] = optimizer.Steps.ToString(CultureInfo.InvariantCulture);
        Checkpoint.Save(optimizer.State(), path, null, metadata);
    }

    /// <summary>Fills weights and optimiser from a file.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged, belongs to another training, or was begun with other settings.</exception>
    public static void Load(string path, TrainingStage stage, AdamW optimizer)
    {
        using var file = SafetensorsFile.Open(path);
        var state = optimizer.State();
        var isOurs = file.Metadata.GetValueOrDefault(StageField) == stage.Name;
        if (isOurs && Changed(file, stage) is { } problem)
        {
            throw new InvalidCheckpointException(path, problem);
        }

        if (!isOurs
            || !long.TryParse(file.Metadata.GetValueOrDefault(StepField), CultureInfo.InvariantCulture, out var step)
            || !state.Keys.ToHashSet().SetEquals(file.Tensors.Keys)
            || state.Any(item => !file.Tensors[item.Key].Shape.SequenceEqual(item.Value.shape)))
        {
            throw new InvalidCheckpointException(path, $"is no checkpoint of this '{stage.Name}' training. Choose another output folder or remove it.");
        }

        using var off = no_grad();
        foreach (var (name, tensor) in state)
        {
            using var values = file.ToTensor(name);
            tensor.copy_(values);
        }

        optimizer.Restore(step);
    }

    // A setting that the file does not know is younger than the file.
    private static string? Changed(SafetensorsFile file, TrainingStage stage) => stage.Settings
        .Where(setting => file.Metadata.TryGetValue(SettingMark + setting.Key, out var begun) && begun != setting.Value)
        .Select(setting => $"was begun with {setting.Key} {file.Metadata[SettingMark + setting.Key]}, not {setting.Value}; give what it was begun with, or "
            + "choose another output folder.")
        .FirstOrDefault();
}
