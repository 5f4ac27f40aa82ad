using Dramatis.Conditioning;
using Dramatis.Methods.FastComposer;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>The words of a batch that are held in places.</summary>
/// <remarks>Shapes: B orders, at most n words in one, L text tokens.</remarks>
internal sealed class BaseWords : OwnedTensors
{
    /// <summary>1 where a token is one of the words, else 0 (B, n, L).</summary>
    public required Tensor Words { get; init => field = Own(value); }

    /// <summary>Where they are held (B, n, 4).</summary>
    public required Tensor Places { get; init => field = Own(value); }

    /// <summary>n.</summary>
    public required int Most { get; init; }

    /// <summary>Null where all words say themselves what they mean.</summary>
    public BaseShownWords? Shown { get; init; }

    /// <param name="rows">The words of each order and their places; at least one order has some.</param>
    /// <param name="length">L.</param>
    public static BaseWords Of(IReadOnlyList<IReadOnlyList<(TokenSpan Span, Box Place)>> rows, int length, BaseShownWords? shown, Device? device)
    {
        using var scope = NewDisposeScope();
        var most = rows.Max(row => row.Count);
        var filled = rows.Select(row => row.Concat(Enumerable.Repeat((TokenSpan.None, default(Box)), most - row.Count)).ToArray()).ToArray();
        return new()
        {
            Words = SubjectWords.Of([.. filled.Select(row => row.Select(item => item.Item1).ToArray())], length, device),
            Places = tensor(filled.SelectMany(row => row).SelectMany(item => item.Item2.Numbers()).ToArray(), device: device).view(rows.Count, most, 4),
            Most = most,
            Shown = shown,
        };
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Shown?.Dispose();
    }
}

/// <summary>Words in whose place pictures stand.</summary>
/// <remarks>Shapes: B orders, L text tokens, M pictures of S x S pixels, P tokens of a name.</remarks>
internal sealed class BaseShownWords : OwnedTensors
{
    /// <summary>True where a picture stands (B, L); M in all, in the pictures' order.</summary>
    public required Tensor Tokens { get; init => field = Own(value); }

    /// <summary>As the image encoder takes them (M, 3, S, S).</summary>
    public required Tensor Pixels { get; init => field = Own(value); }

    /// <summary>Token ids of the names that mean the same (M, P); empty where none does.</summary>
    public required Tensor Names { get; init => field = Own(value); }

    /// <summary>The last token of each name (M).</summary>
    public required Tensor Last { get; init => field = Own(value); }

    /// <param name="shown">By order and by token.</param>
    /// <param name="side">S.</param>
    /// <param name="padding">What shorter names are filled up with.</param>
    public static BaseShownWords Of(IReadOnlyList<ShownToken> shown, int orders, int length, int side, int padding, Device? device)
    {
        using var scope = NewDisposeScope();
        var marks = new bool[orders * length];
        foreach (var token in shown)
        {
            marks[(token.Order * length) + token.Token] = true;
        }

        return new()
        {
            Tokens = tensor(marks, device: device).view(orders, length),
            Pixels = ObjectPixels.Normalise(stack([.. shown.Select(token => ObjectPixels.Square(token.Picture, side, CPU))]).to(device ?? CPU), side),
            Names = TokenIds.Padded([.. shown.Select(token => token.Meaning)], padding, device),
            Last = tensor(shown.Select(token => token.Meaning.Length - 2L).ToArray(), device: device),
        };
    }
}
