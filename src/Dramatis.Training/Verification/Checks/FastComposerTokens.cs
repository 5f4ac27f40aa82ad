using Dramatis.Methods.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>A text with placeholders as the reference hands it on.</summary>
internal static class FastComposerTokens
{
    /// <param name="most">Subjects that its lists have room for; they grow beyond.</param>
    public static IEnumerable<(string Name, Tensor Ours)> Of(PlaceholderTokens tokens, int most)
    {
        long[] places = [.. tokens.Places];
        var missing = Math.Max(0, most - places.Length);
        yield return ("input_ids", tensor(tokens.Ids.Select(id => (long)id).ToArray()));
        yield return ("image_token_mask", tensor(tokens.Words.Select(isSubject => isSubject ? 1L : 0).ToArray()));
        yield return ("image_token_idx", tensor([.. places, .. new long[missing]]));
        yield return ("image_token_idx_mask", tensor([.. places.Select(_ => 1L), .. new long[missing]]));
        yield return ("num_objects", tensor([(long)tokens.Count]));
    }
}
