using Dramatis.Conditioning;
using Dramatis.Networks.Blocks;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.UNet;

/// <summary>A residual block and the attention after it: what is computed again as one when memory is short.</summary>
internal static class UNetLayer
{
    /// <summary>(B, C, H, W) to (B, C of the block, H, W).</summary>
    /// <param name="attention">Null on levels without.</param>
    public static Tensor Forward(ResnetBlock2D resnet, Transformer2D? attention, Tensor x, Tensor time, StepContext context)
    {
        context.Stop.ThrowIfCancellationRequested();
        return context.Recompute && !IsRead()
            ? Recomputed.Run(inputs => Run(inputs[0], inputs[1], inputs[2]), [x, time, context.Text], Weights())
            : Run(x, time, context.Text);

        Tensor Run(Tensor input, Tensor now, Tensor text)
        {
            using var scope = NewDisposeScope();
            var h = resnet.forward(input, now);
            return (attention is null ? h : h.Then(map => attention.forward(map, context with { Text = text }))).MoveToOuterDisposeScope();
        }

        // What the forward pass of a layer that is computed again shows to a probe has no gradients.
        bool IsRead() => attention is not null && attention.Sites.Any(site =>
            context.Session.ProbeAt(new(site, context.Step, new((int)x.shape[3], (int)x.shape[2]))) is not null);

        IEnumerable<Tensor> Weights() => attention is null
            ? resnet.parameters()
            : [.. resnet.parameters(), .. attention.parameters(), .. context.Session.OwnedAt(attention.Sites)];
    }
}
