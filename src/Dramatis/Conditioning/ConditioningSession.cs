using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>
/// What one method does to one generation. Every hook is neutral by default:
/// a session that overrides nothing leaves the image bit for bit as it was.
/// </summary>
internal abstract class ConditioningSession : IDisposable
{
    private readonly List<(Tensor Tensor, AttentionSite? Site)> owned = [];

    public static ConditioningSession None { get; } = new NeutralSession();

    /// <summary>The text context (B, L, E) the network sees at this step.</summary>
    public virtual Tensor TextAt(StepInfo step, Tensor text) => text;

    /// <summary>The text of a step and the tokens that the method adds beside it (B, L + T, E): for networks that know nothing of the method.</summary>
    public virtual Tensor WithTokensAt(StepInfo step, Tensor text) => text;

    /// <summary>Null keeps the fused attention kernel.</summary>
    public virtual LogitEdit? LogitEditAt(AttentionCall call) => null;

    /// <summary>Null keeps the fused attention kernel.</summary>
    public virtual AttentionProbe? ProbeAt(AttentionCall call) => null;

    public virtual AttentionBranch? BranchAt(AttentionCall call) => null;

    /// <summary>What is added to what the network's first layer makes of the latents (B, C, H, W); null for nothing.</summary>
    public virtual Tensor? InputAt(StepInfo step) => null;

    /// <summary>How many times the sampler runs this step, with re-noising in between.</summary>
    public virtual int RepeatsAt(StepInfo step) => 1;

    public virtual void Dispose()
    {
        owned.ForEach(item => item.Tensor.Dispose());
        owned.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>The sessions that it is made of: itself, unless it combines others.</summary>
    internal virtual IEnumerable<ConditioningSession> Parts => [this];

    /// <summary>All that it keeps for itself.</summary>
    internal IEnumerable<Tensor> Owned => owned.Select(item => item.Tensor);

    /// <summary>What the hooks read at some sites, through which gradients flow back to where the session comes from.</summary>
    internal virtual IEnumerable<Tensor> OwnedAt(IReadOnlyList<AttentionSite> sites) =>
        owned.Where(item => item.Site is null || sites.Contains(item.Site)).Select(item => item.Tensor);

    /// <summary>Keeps a tensor alive for the whole session, whatever scope made it.</summary>
    /// <param name="site">The only site whose hooks read it, or null.</param>
    protected Tensor Own(Tensor tensor, AttentionSite? site = null)
    {
        owned.Add((tensor.DetachFromDisposeScope(), site));
        return tensor;
    }

    private sealed class NeutralSession : ConditioningSession;
}
