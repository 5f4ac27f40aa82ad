using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>A patch and how much of it.</summary>
/// <param name="Scale">1 as learned, 0 not at all.</param>
internal readonly record struct ScaledPatch(WeightPatch Patch, double Scale = 1);

/// <summary>Patches on a model, merged into its weights. The model's own values are set aside and never written to.</summary>
/// <remarks>
/// So a model without its patches is bit for bit what it was before them. Patched weights take memory beside the model's own. In grad mode
/// gradients flow to the patches: training and painting go through the same code. One thread at a time; last opened, first removed.
/// </remarks>
internal sealed class PatchedWeights(IPatchable model) : IDisposable
{
    private readonly List<(Tensor Weight, Tensor Aside)> exchanged = [];
    private (ClipTokenizer First, ClipTokenizer? Second)? tokenizers;

    /// <summary>Puts patches on the model, in place of those that are on it now.</summary>
    /// <exception cref="WeightMismatchException">One is for another model; then none is on it.</exception>
    /// <exception cref="InvalidCheckpointException">A word is there already.</exception>
    public void Apply(params IReadOnlyList<ScaledPatch> patches)
    {
        Remove();
        foreach (var (patch, _) in patches)
        {
            patch.CheckFits(model);
        }

        using var scope = NewDisposeScope();
        var values = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        var words = new TaughtWords();
        var weights = PatchableNetworks.All.ToDictionary(network => network, network => new Lazy<IReadOnlyDictionary<string, Tensor>>(() =>
            model.NetworkOf(network)!.named_parameters().ToDictionary(item => item.name, item => (Tensor)item.parameter)));
        foreach (var (patch, scale) in patches.Where(item => item.Scale != 0))
        {
            foreach (var change in patch.Changes)
            {
                var weight = weights[change.Network].Value[change.Weight];
                var before = values.GetValueOrDefault(weight, weight);
                if (change is NewWord word)
                {
                    words.Add(word, patch.Path, (int)before.shape[0]);
                }

                values[weight] = change.Apply(before, scale);
            }
        }

        // Files are in single precision, and sums with it too: rounded once, to what the model computes in.
        var type = Compute.Of(model.UNet).Type;
        foreach (var (weight, changed) in values)
        {
            var worn = changed.to(type).DetachFromDisposeScope();
            TensorSwap.Exchange(weight, worn);
            exchanged.Add((weight, worn));
        }

        Teach(words, patches.Select(item => item.Patch.Cleaning).LastOrDefault(cleaning => cleaning is not null));
    }

    /// <summary>Takes all patches off.</summary>
    public void Remove()
    {
        foreach (var (weight, aside) in exchanged)
        {
            TensorSwap.Exchange(weight, aside);
            aside.Dispose();
        }

        exchanged.Clear();
        if (tokenizers is { } own)
        {
            model.Use(own.First, own.Second);
            tokenizers = null;
        }
    }

    public void Dispose() => Remove();

    // The words of the second encoder are its own tokenizer's; models with one encoder have no second.
    private void Teach(TaughtWords words, TextCleaning? cleaning)
    {
        if (words.IsEmpty && cleaning is null)
        {
            return;
        }

        tokenizers = (model.Tokenizer, model.SecondTokenizer);
        model.Use(With(model.Tokenizer, ModelNetwork.TextEncoder)!, With(model.SecondTokenizer, ModelNetwork.SecondTextEncoder));

        ClipTokenizer? With(ClipTokenizer? tokenizer, ModelNetwork encoder)
        {
            var taught = tokenizer is null ? null : words.Teach(tokenizer, encoder);
            return cleaning is { } wanted ? taught?.With(wanted) : taught;
        }
    }
}
