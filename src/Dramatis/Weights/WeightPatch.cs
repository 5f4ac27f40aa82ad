using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>Changes of a model's weights that belong together: a LoRA, learned words, the layers of a fine-tuning.</summary>
/// <param name="path">The file it comes from, for messages.</param>
/// <param name="changes">The patch owns their tensors.</param>
internal sealed class WeightPatch(string path, IReadOnlyList<WeightChange> changes) : IDisposable
{
    public string Path { get; } = path;

    public IReadOnlyList<WeightChange> Changes { get; } = changes;

    /// <summary>How texts are to be cleaned; null leaves that.</summary>
    public TextCleaning? Cleaning { get; private init; }

    /// <summary>The word that it brings, where the file names none and it is called as the file is; else null.</summary>
    public string? NameOfFile { get; init; }

    /// <summary>The words that it brings.</summary>
    public IReadOnlyList<string> Words => [.. Changes.OfType<NewWord>().Select(change => change.Word).Distinct()];

    /// <summary>A patch that fits a model; changes that do not are let go of.</summary>
    /// <exception cref="WeightMismatchException">They are for another model.</exception>
    public static WeightPatch For(IPatchable model, string path, IReadOnlyList<WeightChange> changes, TextCleaning? cleaning = null)
    {
        var patch = new WeightPatch(path, changes) { Cleaning = cleaning };
        try
        {
            patch.CheckFits(model);
            return patch;
        }
        catch
        {
            patch.Dispose();
            throw;
        }
    }

    /// <exception cref="WeightMismatchException">It is for another model; the message names the first weight that does not fit.</exception>
    public void CheckFits(IPatchable model)
    {
        var shapes = PatchableNetworks.All
            .Where(network => model.NetworkOf(network) is not null)
            .SelectMany(network => model.NetworkOf(network)!.named_parameters().Select(item => (Key: (network, item.name), Shape: item.parameter.shape)))
            .ToDictionary(item => item.Key, item => item.Shape);
        var unknown = Changes.Where(change => !shapes.ContainsKey((change.Network, change.Weight))).ToArray();
        var misshapen = Changes.Except(unknown).Where(change => !change.Fits(shapes[(change.Network, change.Weight)])).ToArray();
        if (unknown.Length + misshapen.Length > 0)
        {
            throw new WeightMismatchException(
                Path,
                [],
                [.. unknown.Select(Name).Order(StringComparer.Ordinal)],
                [.. misshapen.Select(Clash).Order(StringComparer.Ordinal)]);
        }

        string Clash(WeightChange change) => $"{Name(change)} {Shapes(change)} for {Shape(shapes[(change.Network, change.Weight)])}";
    }

    public void Dispose()
    {
        foreach (var change in Changes.SelectMany(change => change.Tensors))
        {
            change.Dispose();
        }
    }

    private static string Name(WeightChange change) => $"{change.Network.Name()}.{change.Weight}";

    private static string Shapes(WeightChange change) => string.Join(" and ", change.Tensors.Select(values => Shape(values.shape)));

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";
}
