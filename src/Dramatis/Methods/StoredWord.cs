using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods;

/// <summary>A learned word as a file has it.</summary>
/// <param name="Name">What prompts call it.</param>
/// <param name="Rows">The tensors with its rows; the encoder where the file says it.</param>
internal sealed record StoredWord(string Name, IReadOnlyList<(string Key, ModelNetwork? Encoder)> Rows)
{
    private static readonly (string Part, ModelNetwork Encoder)[] Parts =
    [
        .. ModelNetworks.TextEncoders.Select(encoder => (encoder.TowerName(), encoder)),
        ("clip_h", ModelNetwork.TextEncoder), ("text_encoders_0", ModelNetwork.TextEncoder), ("text_encoders_1", ModelNetwork.SecondTextEncoder),
    ];

    /// <summary>What prompts may call it besides, standing alone and in capitals or not.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The encoder that a tensor's name says instead of a word, or null.</summary>
    public static ModelNetwork? EncoderOf(string part) =>
        Array.Find(Parts, item => item.Part == part) is { Part: not null } found ? found.Encoder : null;

    /// <summary>The changes, whose tensors the caller owns: of both text encoders, or of one alone.</summary>
    /// <param name="phrase">What the other encoder reads where the file has rows for one alone; null for the name's own letters.</param>
    /// <exception cref="InvalidCheckpointException">No encoder of the model is as wide, or values are no numbers.</exception>
    public IReadOnlyList<NewWord> Read(TensorArchive archive, IPatchable model, string? phrase = null)
    {
        using var scope = NewDisposeScope();
        var words = new List<NewWord>();
        foreach (var (key, named) in Rows)
        {
            var width = archive.Tensors[key].Shape[^1];
            var encoder = EncoderFor(model, named, width, archive.Path) ?? throw new InvalidCheckpointException(
                archive.Path,
                named == ModelNetwork.SecondTextEncoder && model.SecondTextEncoder is null
                    ? "was learned for SDXL's second text encoder alone, which this model has not. Use an SDXL model."
                    : $"was learned for texts of width {width}; this model's {Widths(model)}. Use the model that it was learned with.");
            if (words.Any(word => word.Network == encoder))
            {
                throw new InvalidCheckpointException(archive.Path, $"has two tensors of width {width} for the word \"{Name}\"; save one of them alone.");
            }

            words.Add(new(encoder, Name, archive.ToFinite(key).view(-1, width)) { Aliases = Aliases, Phrase = phrase });
        }

        words.ForEach(word => word.Rows.DetachFromDisposeScope());
        return words;
    }

    // The one that the name says, or else the one of that width; where both are, the file's name may end as that of the second does.
    private static ModelNetwork? EncoderFor(IPatchable model, ModelNetwork? named, long width, string path)
    {
        var fitting = ModelNetworks.TextEncoders.Where(encoder => (named ?? encoder) == encoder && WidthOf(model, encoder) == width).ToArray();
        return fitting.Length == 0 ? null : Path.GetFileNameWithoutExtension(path).EndsWith("_2", StringComparison.Ordinal) ? fitting[^1] : fitting[0];
    }

    private static long? WidthOf(IPatchable model, ModelNetwork encoder) =>
        (encoder == ModelNetwork.TextEncoder ? model.TextEncoder : model.SecondTextEncoder)?.Config.Tower.Width;

    private static string Widths(IPatchable model) => model.SecondTextEncoder is { } second
        ? $"are {model.TextEncoder.Config.Tower.Width} and {second.Config.Tower.Width} wide"
        : $"are {model.TextEncoder.Config.Tower.Width} wide";
}
