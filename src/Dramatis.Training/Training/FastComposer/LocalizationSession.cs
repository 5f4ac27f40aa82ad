using Dramatis.Conditioning;
using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>Watches where the words of subjects are read, and adds the localisation loss to the denoiser's.</summary>
/// <remarks>Shapes: as in <see cref="LocalizationLoss"/>.</remarks>
internal sealed class LocalizationSession : ConditioningSession, ILossTerms
{
    /// <summary>The part's name.</summary>
    public const string Name = "localization";

    private readonly Localization options;
    private readonly IReadOnlyList<AttentionSite> sites;
    private readonly (Tensor Masks, Tensor Tokens, Tensor Valid) subjects;
    private readonly Dictionary<AttentionSite, Tensor> losses = [];
    private readonly Dictionary<Grid, Tensor> masks = [];

    /// <param name="subjects">Borrowed.</param>
    public LocalizationSession(IReadOnlyList<AttentionSite> sites, Localization options, (Tensor Masks, Tensor Tokens, Tensor Valid) subjects) =>
        (this.sites, this.options, this.subjects) = (sites, options, subjects);

    /// <summary>The loss of each supervised layer (layers).</summary>
    public Tensor PerLayer => stack([.. sites.Select(site => losses[site])]);

    public override AttentionProbe? ProbeAt(AttentionCall call) => !sites.Contains(call.Site) ? null : weights =>
    {
        using var scope = NewDisposeScope();
        losses[call.Site] = Own(LocalizationLoss.Of(weights, MasksAt(call.Grid), subjects.Tokens, subjects.Valid, options.Normalises));
    };

    // (B, O, h, w)
    private Tensor MasksAt(Grid grid) => masks.TryGetValue(grid, out var at) ? at : masks[grid] = Own(SoftMasks.At(subjects.Masks, grid.Height, grid.Width));

    public IReadOnlyList<LossPart> Terms()
    {
        using var layers = PerLayer;
        return [new(Name, layers.mean(), options.Weight)];
    }
}
