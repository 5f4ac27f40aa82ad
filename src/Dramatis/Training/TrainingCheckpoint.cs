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

    /// <summary>Writes it whole or not at all; an older one is replaced only by a complete one.</summary>
    public static void Save(string path, string stage, AdamW optimizer) =>
        Checkpoint.Save(optimizer.State(), path, null, new Dictionary<string, string>
        {
            ["stage"] = stage,
            ["step"] = optimizer.Steps.ToString(CultureInfo.InvariantCulture),
        });

    /// <summary>Fills weights and optimiser from a file.</summary>
    /// <exception cref="InvalidCheckpointException">It is damaged or belongs to another training.</exception>
    public static void Load(string path, string stage, AdamW optimizer)
    {
        using var file = SafetensorsFile.Open(path);
        var state = optimizer.State();
        if (file.Metadata.GetValueOrDefault("stage") != stage
            || !long.TryParse(file.Metadata.GetValueOrDefault("step"), CultureInfo.InvariantCulture, out var step)
            || !state.Keys.ToHashSet().SetEquals(file.Tensors.Keys)
            || state.Any(item => !file.Tensors[item.Key].Shape.SequenceEqual(item.Value.shape)))
        {
            throw new InvalidCheckpointException(path, $"is no checkpoint of this '{stage}' training. Choose another output folder or remove it.");
        }

        using var off = no_grad();
        foreach (var (name, tensor) in state)
        {
            using var values = file.ToTensor(name);
            tensor.copy_(values);
        }

        optimizer.Restore(step);
    }
}
