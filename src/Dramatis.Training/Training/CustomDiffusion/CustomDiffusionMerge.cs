using Dramatis.Errors;
using Dramatis.Networks.UNet;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>A concept that was learned on its own.</summary>
/// <param name="Patch">Belongs to the caller.</param>
/// <param name="Category">What it is one of, for example <c>cat</c>.</param>
internal sealed record LearnedConcept(WeightPatch Patch, string Category)
{
    /// <summary>The words that mean it: its own word, where it has one, and the category.</summary>
    public string Words => Patch.Words is [var word, ..] ? $"{word} {Category}" : Category;

    /// <summary>The same concept by another word; it has one.</summary>
    public LearnedConcept Called(string word) =>
        this with { Patch = new(Patch.Path, [.. Patch.Changes.Select(change => change is NewWord own ? own with { Word = word } : change)]) };
}

/// <summary>Merges concepts that were learned one by one, in closed form (Kumari et al., 2023, section 3.3).</summary>
/// <remarks>
/// min ‖(W' - W) Cᵀ‖ over other texts C, such that W' Kᵀ = V for the texts K of the concepts. With d = (CᵀC)⁻¹ K:
/// W' = W + (V - W K)ᵀ (d Kᵀ)⁻¹ d. Shapes: T text positions of width E, m of them of the concepts, C channels of a layer.
/// </remarks>
internal static class CustomDiffusionMerge
{
    private const int MostCaptions = 200;
    private const int MarkWithin = 15;
    private const string Mark = "photo of a";

    /// <summary>One patch that has all concepts.</summary>
    /// <param name="concepts">At least two, each of a word of its own.</param>
    /// <param name="captions">Texts of other things, which shall stay as they are; the first 200 count.</param>
    /// <exception cref="InvalidRequestException">There is one concept, or two have the same word.</exception>
    /// <exception cref="InvalidCheckpointException">One changes more than keys and values.</exception>
    /// <exception cref="WeightMismatchException">One lacks a layer that another has.</exception>
    /// <exception cref="InvalidDataSetException">There are fewer captions than the text is wide asks for.</exception>
    public static WeightPatch Merge(BaseModel model, IReadOnlyList<LearnedConcept> concepts, IReadOnlyList<string> captions)
    {
        Check(concepts);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var patched = new PatchedWeights(model);
        NewWord[] words = [.. concepts.SelectMany(concept => concept.Patch.Changes.OfType<NewWord>())];
        patched.Apply(new ScaledPatch(new("the concepts' words", words)));

        var others = cat([empty(0, model.UNet.Config.TextWidth), .. captions.Take(MostCaptions).Select(caption => Encode(model, caption))])
            .to(float64);    // (T, E)
        if (others.unique(dim: 0).output.shape[0] is var unlike && unlike < others.shape[1])
        {
            throw new InvalidDataSetException(
                "captions", $"have {unlike} words in all that are not the same; at least {others.shape[1]} are needed, in about {MostCaptions} captions.");
        }

        // The same row twice would make the equations singular.
        var (keys, owners) = Distinct([.. concepts.Select(concept => cat([Encode(model, concept.Words), Encode(model, $"photo of a {concept.Words}")]))]);
        var k = keys.to(float64);                                                                                       // (m, E)
        var d = linalg.solve(others.t().mm(others), k.t()).t();                                                         // (m, E)
        var layers = concepts.SelectMany(LayersOf).Select(layer => layer.Weight).Distinct().Select(layer =>
        {
            using var inner = NewDisposeScope();
            var w = ((Tensor)model.UNet.get_parameter(layer)!).to(float64);                                             // (C, E)
            var v = stack([.. owners.Select((owner, i) => Of(concepts[owner], layer).to(float64).mv(k[i]))]);           // (m, C)
            var merged = w + linalg.solve(d.mm(k.t()).t(), v - k.mm(w.t())).t().mm(d);
            return new NewValues(ModelNetwork.UNet, layer, merged.to(float32).DetachFromDisposeScope());
        });
        return new(
            "the merged concepts",
            [.. layers, .. words.Select(word => word with { Rows = word.Rows.clone().DetachFromDisposeScope() })]);
    }

    private static void Check(IReadOnlyList<LearnedConcept> concepts)
    {
        InvalidRequestException.ThrowUnless(concepts.Count > 1, "concepts",
            $"{concepts.Count} of them cannot be merged; give at least two that were learned one by one.");
        var words = concepts.SelectMany(concept => concept.Patch.Words.DefaultIfEmpty(concept.Category)).ToArray();
        var twice = words.Index().FirstOrDefault(word => Array.IndexOf(words, word.Item) < word.Index).Item;
        InvalidRequestException.ThrowUnless(twice is null, "concepts", $"two have the word \"{twice}\"; give each a word of its own (--word).");
        foreach (var concept in concepts)
        {
            if (LayersOf(concept).FirstOrDefault(layer => !CrossAttention.KeysAndValues.Any(
                ending => layer.Weight.EndsWith(ending, StringComparison.Ordinal))) is { } layer)
            {
                throw new InvalidCheckpointException(
                    concept.Patch.Path, $"changes {layer.Weight}, but only keys and values can be merged; learn the subject without the whole attention.");
            }
        }
    }

    private static IEnumerable<NewValues> LayersOf(LearnedConcept concept) => concept.Patch.Changes.OfType<NewValues>();

    // The end of the text stays, its beginning does not; nor do the words that all texts begin with.
    private static Tensor Encode(BaseModel model, string text)
    {
        using var scope = NewDisposeScope();
        var ids = TokenIds.Of([model.Tokenizer.EncodeUnpadded(text)]);
        var secondIds = model.SecondTokenizer is { } second ? TokenIds.Of([second.EncodeUnpadded(text)]) : null;
        var skipped = text[..Math.Min(MarkWithin, text.Length)].Contains(Mark, StringComparison.Ordinal) ? 4 : 1;
        return model.ReadText(ids, secondIds).Text[0, skipped..].MoveToOuterDisposeScope();
    }

    private static (Tensor Rows, IReadOnlyList<int> Owners) Distinct(IReadOnlyList<Tensor> texts)
    {
        var (rows, owners) = (new List<Tensor>(), new List<int>());
        foreach (var (owner, text) in texts.Index())
        {
            foreach (var row in text.unbind(0).Where(row => !rows.Exists(other => other.equal(row).all().item<bool>())))
            {
                rows.Add(row);
                owners.Add(owner);
            }
        }

        return (stack(rows), owners);
    }

    private static Tensor Of(LearnedConcept concept, string weight) =>
        LayersOf(concept).FirstOrDefault(layer => layer.Weight == weight)?.Values
        ?? throw new WeightMismatchException(concept.Patch.Path, [weight], [], []);
}
