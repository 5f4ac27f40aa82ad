using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>Token ids of several texts as one tensor.</summary>
internal static class TokenIds
{
    /// <summary>(texts, tokens of the longest), shorter texts filled up with the padding's id.</summary>
    public static Tensor Padded(IReadOnlyList<int[]> texts, int padding)
    {
        var length = texts.Max(text => text.Length);
        var ids = texts.SelectMany(text => text.Concat(Enumerable.Repeat(padding, length - text.Length)).Select(id => (long)id));
        return tensor(ids.ToArray()).view(-1, length);
    }
}
