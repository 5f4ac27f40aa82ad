using static TorchSharp.torch;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Keys and values of some rows at one layer.</summary>
/// <param name="Key">(B, G, S, D), turned by their positions.</param>
/// <param name="Value">(B, G, S, D).</param>
internal sealed record KeyValue(Tensor Key, Tensor Value) : IDisposable
{
    /// <summary>With those of rows that come after.</summary>
    public KeyValue Join(KeyValue later) => new(cat([Key, later.Key], dim: 2), cat([Value, later.Value], dim: 2));

    public KeyValue MoveToOuterDisposeScope() => new(Key.MoveToOuterDisposeScope(), Value.MoveToOuterDisposeScope());

    /// <summary>Takes both out of every scope: they are the caller's then.</summary>
    public KeyValue Detach() => new(Key.DetachFromDisposeScope(), Value.DetachFromDisposeScope());

    public void Dispose()
    {
        Key.Dispose();
        Value.Dispose();
    }
}
