using Dramatis.Conditioning;
using Dramatis.Tensors;
using TorchSharp.Modules;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.UNet;

/// <summary>Transformer blocks over the cells of a feature map, around a residual.</summary>
/// <remarks>Shapes: (B, C, H, W) in and out, N = H W cells in between.</remarks>
internal sealed class Transformer2D : Module<Tensor, StepContext, Tensor>
{
    private const double Epsilon = 1e-6;

    private readonly GroupNorm norm;
    private readonly Module<Tensor, Tensor> proj_in;
    private readonly ModuleList<TransformerBlock> transformer_blocks;
    private readonly Module<Tensor, Tensor> proj_out;
    private readonly bool linear;

    /// <param name="sites">One for each transformer block.</param>
    /// <param name="onlyCross">Whether no cell reads other cells.</param>
    public Transformer2D(UNetConfig config, IReadOnlyList<AttentionSite> sites, bool onlyCross = false)
        : base(nameof(Transformer2D))
    {
        Sites = sites;
        var width = sites[0].Width;
        linear = config.LinearProjection;
        norm = GroupNorm(config.NormGroups, width, Epsilon);
        proj_in = linear ? Linear(width, width) : Conv2d(width, width, kernel: 1);
        transformer_blocks = new ModuleList<TransformerBlock>([.. sites.Select(site => new TransformerBlock(site, config.TextWidth, onlyCross))]);
        proj_out = linear ? Linear(width, width) : Conv2d(width, width, kernel: 1);
        RegisterComponents();
    }

    /// <summary>One for each transformer block.</summary>
    public IReadOnlyList<AttentionSite> Sites { get; }

    public override Tensor forward(Tensor x, StepContext context)
    {
        using var scope = NewDisposeScope();
        var grid = new Grid((int)x.shape[3], (int)x.shape[2]);
        var normed = norm.forward(x);
        var cells = linear ? proj_in.forward(ToCells(normed)) : ToCells(proj_in.forward(normed));    // (B, N, C)
        foreach (var block in transformer_blocks)
        {
            cells = cells.Then(x => block.forward(x, grid, context));
        }

        var result = linear ? ToMap(proj_out.forward(cells), grid) : proj_out.forward(ToMap(cells, grid));
        return (x + result).MoveToOuterDisposeScope();
    }

    // Free of copies when channels are innermost in memory.
    private static Tensor ToCells(Tensor x) => x.permute(0, 2, 3, 1).flatten(1, 2);

    private static Tensor ToMap(Tensor cells, Grid grid) => cells.unflatten(1, grid.Height, grid.Width).permute(0, 3, 1, 2);
}
