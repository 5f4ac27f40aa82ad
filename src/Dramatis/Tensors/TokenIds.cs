using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Token ids of several texts as one tensor.</summary>
internal static class TokenIds
{
    /// <summary>(texts, tokens) of texts that are all of one length.</summary>
    /// <param name="device">Null is the processor.</param>
    public static Tensor Of(IReadOnlyCollection<IReadOnlyList<int>> texts, Device? device = null) =>
        tensor(texts.SelectMany(text => text).Select(id => (long)id).ToArray(), device: device).view(texts.Count, -1);

    /// <summary>(texts, tokens of the longest), shorter texts filled up with the padding's id.</summary>
    /// <param name="device">Null is the processor.</param>
    public static Tensor Padded(IReadOnlyList<int[]> texts, int padding, Device? device = null)
    {
        var length = texts.Max(text => text.Length);
        return Of([.. texts.Select(text => (int[])[.. text, .. Enumerable.Repeat(padding, length - text.Length)])], device);
    }
}
