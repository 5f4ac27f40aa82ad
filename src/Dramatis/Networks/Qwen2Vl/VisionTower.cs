using Dramatis.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>The vision transformer of Qwen2-VL (Wang et al., arXiv 2409.12191), for still pictures of any number of patches.</summary>
/// <remarks>Shapes: N patches of all pictures, P numbers of a patch, M = 4 patches of a token, C width, E width of the language model.</remarks>
internal sealed class VisionTower : Module<Tensor, IReadOnlyList<Grid>, Tensor>
{
    private readonly PatchEmbedding patch_embed;
    private readonly ModuleList<VisionBlock> blocks;
    private readonly PatchMerger merger;

    public VisionTower(VisionTowerConfig config)
        : base(nameof(VisionTower))
    {
        Config = config;
        patch_embed = new PatchEmbedding(config);
        blocks = new ModuleList<VisionBlock>([.. Enumerable.Range(0, config.Layers).Select(_ => new VisionBlock(config))]);
        merger = new PatchMerger(config);
        RegisterComponents();
    }

    public VisionTowerConfig Config { get; }

    /// <summary>The tokens (N / M, E) of pictures, one picture after another. A picture's do not depend on the others.</summary>
    /// <param name="patches">Normalised (N, P), the patches of a token next to each other.</param>
    /// <param name="grids">Patches of each picture, across and down; both are multiples of <see cref="VisionTowerConfig.Merge"/>.</param>
    public override Tensor forward(Tensor patches, IReadOnlyList<Grid> grids)
    {
        using var scope = NewDisposeScope();
        var pictures = grids.Select(grid => Rotation.Of(Rotation.AnglesOf(Config, grid, patches.device).unsqueeze(0))).ToList();
        var x = patch_embed.forward(patches);
        foreach (var block in blocks)
        {
            x = x.Then(states => block.forward(states, pictures));
        }

        return merger.forward(x).MoveToOuterDisposeScope();
    }
}
