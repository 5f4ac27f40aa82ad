using System.CommandLine;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>--adapter</c>, <c>--image-encoder</c> and <c>--configs</c>: what goes with a model and does not lie in its folder.</summary>
internal sealed class OwnModelOptions
{
    private readonly Option<string[]> adapters = new("--adapter")
    {
        HelpName = "FILE",
        Description = "An adapter that keeps subjects: its published file, a folder, or a name of 'models'; it says itself which method's it is. "
            + "May be repeated.",
    };

    private readonly Option<string?> imageEncoder = new("--image-encoder")
    {
        HelpName = "PATH",
        Description = "The CLIP vision encoder that adapters read references with, file or folder; otherwise the model's, or that in the folder "
            + "image_encoder beside an adapter's file.",
    };

    private readonly Option<string?> configs = new("--configs")
    {
        HelpName = "FOLDER",
        Description = "A model folder whose settings and tokenizers count for a model in a single file; otherwise those of its family.",
    };

    public IReadOnlyList<Option> All => [adapters, imageEncoder, configs];

    /// <summary>How a model is read with what the flags add.</summary>
    public ModelLoading Read(ParseResult parsed, ModelLoading loading, ModelCatalog catalog) => loading with
    {
        Adapters = [.. (parsed.GetValue(adapters) ?? []).Select(catalog.LocateWeights)],
        ImageEncoder = parsed.GetValue(imageEncoder) is { } encoder ? catalog.LocateWeights(encoder) : null,
        Configs = parsed.GetValue(configs),
    };
}
