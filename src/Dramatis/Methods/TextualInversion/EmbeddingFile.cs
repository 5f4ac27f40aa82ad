using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.TextualInversion;

/// <summary>Learned words in files: those of diffusers, of the web UI (<c>.pt</c>, <c>emb_params</c>) and of SDXL.</summary>
internal static class EmbeddingFile
{
    private const string WebUiRows = "string_to_param.*";
    private const string NamelessRows = "emb_params";

    // Tensors that name the encoder instead of the word.
    private static readonly (string Key, ModelNetwork Encoder)[] Encoders = [.. ModelNetworks.TextEncoders.Select(encoder => (encoder.TowerName(), encoder))];

    /// <summary>Whether a file may be a learned word: few rows, and nothing else.</summary>
    public static bool Takes(TensorArchive archive) =>
        archive.Tensors.Count is 1 or 2
        && CheckpointKind.Of(archive)?.Type is CheckpointType.LearnedWord or CheckpointType.LearnedRows or CheckpointType.Residual;

    /// <summary>The patch that a file holds for a model.</summary>
    /// <param name="word">What prompts call it; null: as the file says.</param>
    /// <exception cref="InvalidCheckpointException">No encoder of the model is as wide, the file names no word, or it is no learned word.</exception>
    public static WeightPatch Read(string path, IPatchable model, string? word = null)
    {
        using var archive = TensorArchive.Open(path);
        if (!Takes(archive))
        {
            throw new InvalidCheckpointException(
                path, "is no learned word: it should hold one or two tensors of a few rows. 'dramatis inspect' says what it is.");
        }

        var name = word ?? NameOf(archive);
        var changes = new List<NewWord>();
        using var scope = NewDisposeScope();
        foreach (var entry in archive.Tensors.Values)
        {
            var width = entry.Shape[^1];
            if (EncoderOf(model, entry) is not { } encoder)
            {
                changes.ForEach(change => change.Rows.Dispose());
                throw new InvalidCheckpointException(
                    path, $"was learned for texts of width {width}; this model's {Widths(model)}. Use the model that it was learned with.");
            }

            changes.Add(new(encoder, name, archive.ToTensor(entry.Name, ScalarType.Float32).view(-1, width).DetachFromDisposeScope()));
        }

        if (model.SecondTextEncoder is not null && changes.Count == 1)
        {
            changes[0].Rows.Dispose();
            throw new InvalidCheckpointException(path, "has rows for one text encoder, but this model has two; use the model that it was learned with.");
        }

        return new(path, changes);
    }

    /// <summary>Writes words of one encoder as diffusers does; those of two as SDXL's files are.</summary>
    /// <exception cref="OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, IReadOnlyList<NewWord> words) => Checkpoint.Save(
        words.ToDictionary(
            word => words.Count == 1 ? word.Word : word.Network.TowerName(),
            word => word.Rows),
        path,
        metadata: Checkpoint.TorchHeader(("name", words[0].Word)));

    private static string NameOf(TensorArchive archive)
    {
        var key = archive.Tensors.Keys.First();
        return key == WebUiRows || key == NamelessRows || key == "root" || Encoders.Any(encoder => encoder.Key == key)
            ? archive.Metadata.GetValueOrDefault("name") ?? throw new InvalidCheckpointException(
                archive.Path, "does not say which word it is; give it to a subject, as what was \"learned\" of it.")
            : key;
    }

    // The one that the name says, or else the one of that width.
    private static ModelNetwork? EncoderOf(IPatchable model, TensorEntry entry)
    {
        var isNamed = Encoders.Any(item => item.Key == entry.Name);
        var fitting = Encoders.Where(item => (item.Key == entry.Name || !isNamed) && WidthOf(model, item.Encoder) == entry.Shape[^1]).ToArray();
        return fitting.Length > 0 ? fitting[0].Encoder : null;
    }

    private static long? WidthOf(IPatchable model, ModelNetwork encoder) =>
        (encoder == ModelNetwork.TextEncoder ? model.TextEncoder : model.SecondTextEncoder)?.Config.Tower.Width;

    private static string Widths(IPatchable model) => model.SecondTextEncoder is { } second
        ? $"are {model.TextEncoder.Config.Tower.Width} and {second.Config.Tower.Width} wide"
        : $"are {model.TextEncoder.Config.Tower.Width} wide";
}
