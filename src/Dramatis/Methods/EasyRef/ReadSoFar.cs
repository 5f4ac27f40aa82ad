using Dramatis.Networks.Qwen2Vl;
using static TorchSharp.torch;

namespace Dramatis.Methods.EasyRef;

/// <summary>How far a conversation is read: what the rows so far are to those after them, at each layer. Owns its tensors.</summary>
/// <remarks>
/// A row sees only those before it, so that conversations that begin alike go on from the same. Shapes: B batch, L rows, C width.
/// </remarks>
internal sealed class ReadSoFar : IDisposable
{
    private readonly EasyRefNetwork network;
    private readonly IReadOnlyList<KeyValue> trunk;
    private readonly KeyValue final;

    private ReadSoFar(EasyRefNetwork network, IReadOnlyList<KeyValue> trunk, KeyValue final) =>
        (this.network, this.trunk, this.final) = (network, trunk, final);

    private int Length => (int)final.Key.shape[2];

    /// <summary>The first rows (B, L, C) of a conversation.</summary>
    public static ReadSoFar Begin(EasyRefNetwork network, Tensor rows)
    {
        using var scope = NewDisposeScope();
        var rotation = Rotation.Plain(network.Language.Config, 0, (int)rows.shape[1], rows.device);
        var (states, seen) = network.Language.Continue(rows, rotation, []);
        return new(network, seen, network.Final.Project(states, rotation).Detach());
    }

    /// <summary>With further rows (B, L, C).</summary>
    public ReadSoFar Continue(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var rotation = Rotation.Plain(network.Language.Config, Length, (int)rows.shape[1], rows.device);
        var (states, seen) = network.Language.Continue(rows, rotation, trunk);
        return new(network, seen, final.Join(network.Final.Project(states, rotation)).Detach());
    }

    /// <summary>The tokens (B, T, E) of a conversation that ends with these rows (B, L, C).</summary>
    public Tensor End(Tensor rows, FinalAttention attention)
    {
        using var scope = NewDisposeScope();
        var rotation = Rotation.Plain(network.Language.Config, Length, (int)rows.shape[1], rows.device);
        var states = network.Language.Read(rows, rotation, RowMask.Causal((int)rows.shape[1], Length, rows.device, rows.dtype), trunk);
        var seen = final.Join(network.Final.Project(states, rotation));
        return network.Project(network.Final.Read(seen, attention)).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var layer in trunk)
        {
            layer.Dispose();
        }

        final.Dispose();
    }
}
