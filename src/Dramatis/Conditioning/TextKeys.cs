using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Keys and values (B, H, L, D) that the cross-attention layers make of the text, kept from one step to the next.</summary>
/// <remarks>
/// For one generation: the weights must stay as they are meanwhile. Text is the same when it is the same tensor, so that a session
/// whose text changes between steps gets what it asks for. Where gradients are recorded nothing is kept.
/// </remarks>
internal sealed class TextKeys : IDisposable
{
    // Sites of a UNet and of a ControlNet are equal but not the same.
    private readonly Dictionary<AttentionSite, Kept> latest = new(ReferenceEqualityComparer.Instance);

    public void Dispose()
    {
        foreach (var kept in latest.Values)
        {
            kept.Release();
        }

        latest.Clear();
    }

    /// <summary>What the projection makes of the text; kept tensors stay this object's.</summary>
    internal (Tensor Key, Tensor Value) At(AttentionSite site, Tensor text, Func<Tensor, (Tensor Key, Tensor Value)> project)
    {
        if (is_grad_enabled())
        {
            return project(text);
        }

        if (!latest.TryGetValue(site, out var kept) || !ReferenceEquals(kept.Text, text))
        {
            kept?.Release();
            var (key, value) = project(text);
            latest[site] = kept = new(text, key.DetachFromDisposeScope(), value.DetachFromDisposeScope());
        }

        return (kept.Key, kept.Value);
    }

    private sealed record Kept(Tensor Text, Tensor Key, Tensor Value)
    {
        public void Release()
        {
            Key.Dispose();
            Value.Dispose();
        }
    }
}
