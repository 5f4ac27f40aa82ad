using static TorchSharp.torch;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Which keys each row sees.</summary>
/// <remarks>
/// Hidden is the lowest finite number, so that rows of padding, which see nothing, give numbers all the same. Shapes: B batch, L rows, S keys.
/// </remarks>
/// <param name="Added">Added to the logits (1 or B, 1, L, S); null for nothing.</param>
/// <param name="IsCausal">Each row sees those up to itself, where there are as many keys as rows.</param>
internal sealed record RowMask(Tensor? Added, bool IsCausal)
{
    /// <summary>All rows see all keys.</summary>
    public static RowMask None { get; } = new(null, false);

    /// <summary>Each of the last rows sees all that comes before it, and itself.</summary>
    /// <param name="before">Keys before the rows.</param>
    public static RowMask Causal(int rows, int before, Device device, ScalarType type)
    {
        if (before == 0)
        {
            return new(null, true);
        }

        using var scope = NewDisposeScope();
        return new(Hide(Later(rows, before + rows, device), type).MoveToOuterDisposeScope(), false);
    }

    /// <summary>As <see cref="Causal"/>, with keys that are padding hidden from all.</summary>
    /// <param name="isText">Nothing but 0 for padding (B, S).</param>
    /// <param name="rows">The last of the S, which are those that look.</param>
    public static RowMask Padded(Tensor isText, int rows, ScalarType type, bool isCausal = true)
    {
        using var scope = NewDisposeScope();
        var padding = isText.eq(0)[.., TensorIndex.None, TensorIndex.None];    // (B, 1, 1, S)
        var hidden = isCausal ? padding.logical_or(Later(rows, (int)isText.shape[1], isText.device)) : padding.expand(-1, -1, rows, -1);
        return new(Hide(hidden, type).MoveToOuterDisposeScope(), false);
    }

    // True where a key comes after the row (1, 1, L, S).
    private static Tensor Later(int rows, int keys, Device device) =>
        ones(rows, keys, ScalarType.Bool, device).triu(keys - rows + 1).unsqueeze(0).unsqueeze(0);

    private static Tensor Hide(Tensor hidden, ScalarType type) => zeros(hidden.shape, type, hidden.device).masked_fill(hidden, finfo(type).min);
}
