using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.CustomDiffusion;

/// <summary>A concept that was learned on its own.</summary>
/// <param name="Patch">Belongs to the caller.</param>
/// <param name="Category">What it is one of, for example <c>cat</c>.</param>
public sealed record LearnedConcept(WeightPatch Patch, string Category)
{
    /// <summary>The words that mean it: its own word, where it has one, and the category.</summary>
    public string Words => Patch.Words is [var word, ..] ? $"{word} {Category}" : Category;
}

/// <summary>Merges concepts that were learned one by one, in closed form (Kumari et al., 2023, section 3.3).</summary>
/// <remarks>
/// min ‖(W' - W) Cᵀ‖ over other texts C, such that W' Kᵀ = V for the texts K of the concepts. With d = (CᵀC)⁻¹ K:
/// W' = W + (V - W K)ᵀ (d Kᵀ)⁻¹ d. Shapes: T text positions of width E, m of them of the concepts, C channels of a layer.
/// </remarks>
public static class CustomDiffusionMerge
{
    private const int MostCaptions = 200;
    private const int MarkWithin = 15;
    private const string Mark = "photo of a";

    /// <summary>One patch that has all concepts.</summary>
    /// <param name="captions">Texts of other things, which shall stay as they are; the first 200 count.</param>
    /// <exception cref="InvalidDataSetException">There are fewer captions than the text is wide asks for.</exception>
    public static WeightPatch Merge(BaseModel model, IReadOnlyList<LearnedConcept> concepts, IReadOnlyList<string> captions)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var patched = new PatchedWeights(model);
        NewWord[] words = [.. concepts.SelectMany(concept => concept.Patch.Changes.OfType<NewWord>())];
        patched.Apply(new ScaledPatch(new("the concepts' words", words)));

        var others = cat([.. captions.Take(MostCaptions).Select(caption => Encode(model, caption))]).to(float64);       // (T, E)
        if (others.shape[0] < others.shape[1])
        {
            throw new InvalidDataSetException("captions", $"have {others.shape[0]} words in all; at least {others.shape[1]} are needed, in about {MostCaptions} captions.");
        }

        // The same row twice would make the equations singular.
        var (keys, owners) = Distinct([.. concepts.Select(concept => cat([Encode(model, concept.Words), Encode(model, $"photo of a {concept.Words}")]))]);
        var k = keys.to(float64);                                                                                       // (m, E)
        var d = linalg.solve(others.t().mm(others), k.t()).t();                                                         // (m, E)
        var layers = concepts[0].Patch.Changes.OfType<NewValues>().Select(layer =>
        {
            using var inner = NewDisposeScope();
            var w = ((Tensor)model.UNet.get_parameter(layer.Weight)!).to(float64);                                      // (C, E)
            var v = stack([.. owners.Select((owner, i) => Of(concepts[owner], layer.Weight).to(float64).mv(k[i]))]);    // (m, C)
            var merged = w + linalg.solve(d.mm(k.t()).t(), v - k.mm(w.t())).t().mm(d);
            return new NewValues(layer.Part, layer.Weight, merged.to(float32).DetachFromDisposeScope());
        });
        return new(
            "the merged concepts",
            [.. layers, .. words.Select(word => word with { Rows = word.Rows.clone().DetachFromDisposeScope() })]);
    }

    // The end of the text stays, its beginning does not; nor do the words that all texts begin with.
    private static Tensor Encode(BaseModel model, string text)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(model.Tokenizer.EncodeUnpadded(text).Select(id => (long)id).ToArray()).unsqueeze(0);
        var skipped = text[..Math.Min(MarkWithin, text.Length)].Contains(Mark, StringComparison.Ordinal) ? 4 : 1;
        return model.TextEncoder.forward(ids).LastHiddenState[0, skipped..].MoveToOuterDisposeScope();
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
        concept.Patch.Changes.OfType<NewValues>().FirstOrDefault(layer => layer.Weight == weight)?.Values
        ?? throw new WeightMismatchException(concept.Patch.Path, [weight], [], []);
}
