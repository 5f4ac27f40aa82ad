using Dramatis.Tensors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>The numbers of a <see cref="ResnetBlock2D"/>.</summary>
/// <param name="TimeWidth">Width of the time embedding, or null for a block that sees no time (a VAE's).</param>
internal readonly record struct ResnetShape(int In, int Out, int Groups, double Epsilon, int? TimeWidth = null);

/// <summary>Two convolutions around a residual, each after norm and SiLU; the time embedding is added in between.</summary>
/// <remarks>
/// Shapes: x (B, In, H, W), time (B, TimeWidth), result (B, Out, H, W). The architecture of diffusers' class of that name.
/// </remarks>
internal sealed class ResnetBlock2D : Module<Tensor, Tensor?, Tensor>
{
    private readonly NormSilu norm1;
    private readonly Conv2d conv1;
    private readonly Linear? time_emb_proj;
    private readonly NormSilu norm2;
    private readonly Conv2d conv2;
    private readonly Conv2d? conv_shortcut;

    public ResnetBlock2D(ResnetShape shape)
        : base(nameof(ResnetBlock2D))
    {
        norm1 = new NormSilu(shape.Groups, shape.In, shape.Epsilon);
        conv1 = Conv2d(shape.In, shape.Out, kernel: 3, padding: 1);
        time_emb_proj = shape.TimeWidth is { } width ? Linear(width, shape.Out) : null;
        norm2 = new NormSilu(shape.Groups, shape.Out, shape.Epsilon);
        conv2 = Conv2d(shape.Out, shape.Out, kernel: 3, padding: 1);
        conv_shortcut = shape.In != shape.Out ? Conv2d(shape.In, shape.Out, kernel: 1) : null;
        RegisterComponents();
    }

    /// <param name="time">Null for a block without time; SiLU is applied here, once for each block, as the reference does.</param>
    public override Tensor forward(Tensor x, Tensor? time)
    {
        using var scope = NewDisposeScope();
        var h = norm1.forward(x).Then(conv1.forward);                              // (B, In, H, W) -> (B, Out, H, W)
        if (time_emb_proj is not null)
        {
            var shift = time_emb_proj.forward(functional.silu(time!));             // (B, Out)
            h.Plus(shift.unsqueeze(-1).unsqueeze(-1));                             // in place, as nothing else reads what convolutions give
        }

        h = h.Then(norm2.forward).Then(conv2.forward);
        return h.Plus(conv_shortcut?.forward(x) ?? x).MoveToOuterDisposeScope();
    }
}
