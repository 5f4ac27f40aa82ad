using Dramatis.Pictures;
using Dramatis.Tensors;
using static Dramatis.Tensors.Layers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>The sizes of a <see cref="Collage"/>.</summary>
/// <param name="Latents">Channels of the autoencoder's latents.</param>
/// <param name="Width">Channels between its two layers.</param>
/// <param name="Output">Channels of the denoiser's outer level.</param>
internal sealed record CollageConfig(int Latents, int Width, int Output);

/// <summary>Tells the denoiser, cell by cell, what references look like where they stand: the detail that their tokens are too coarse for.</summary>
/// <remarks>
/// The collage of AnyDoor (Chen et al., arXiv 2307.09481, section 3.2) as latents: a picture with each reference laid into its place goes through the
/// autoencoder, and two convolutions make of it what is added to the result of the denoiser's first layer. Without biases, so that a collage on which
/// nothing lies adds exactly nothing; the second begins with zeros, as in ControlNet (Zhang et al., arXiv 2302.05543).
/// Shapes: B rows, C latent channels, h x w cells, O channels of the outer level.
/// </remarks>
internal sealed class Collage : Module<Tensor, Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly Conv2d conv_out;

    public Collage(CollageConfig config)
        : base(nameof(Collage))
    {
        conv_in = Conv2d(config.Latents + 1, config.Width, kernel: 3, padding: 1, bias: false);
        conv_out = Conv2d(config.Width, config.Output, kernel: 3, padding: 1, bias: false);
        using var off = no_grad();
        conv_out.weight.zero_();
        RegisterComponents();
    }

    /// <summary>What is added (B, O, h, w).</summary>
    /// <param name="latents">Of the collage, as the denoiser sees latents (B, C, h, w).</param>
    /// <param name="cover">How much of each cell is covered, 0 to 1 (B, 1, h, w).</param>
    public override Tensor forward(Tensor latents, Tensor cover)
    {
        using var scope = NewDisposeScope();
        var x = cat([latents * cover.gt(0).to(latents.dtype), cover.to(latents.dtype)], dim: 1);
        return conv_out.forward(functional.silu(conv_in.forward(ChannelsLast.Of(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>References and the places into which they are laid.</summary>
/// <remarks>Shapes: M references of S x S pixels, B pictures of H x W.</remarks>
internal sealed record LaidReferences
{
    // A place narrower than this shows nothing.
    private const float Narrowest = 1e-4f;

    /// <summary>Colours from 0 to 255 (M, S, S, 3).</summary>
    public required Tensor Pixels { get; init; }

    /// <summary>Left, top, right, bottom as fractions of the picture (M, 4).</summary>
    public required Tensor Places { get; init; }

    /// <summary>Which picture each lies on (M).</summary>
    public required IReadOnlyList<int> Pictures { get; init; }

    /// <summary>Which subject of its picture each shows (M).</summary>
    public required IReadOnlyList<int> Subjects { get; init; }

    /// <summary>Which picture each row of the session shows (B), -1 for none.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Of the pictures.</summary>
    public required PixelSize Size { get; init; }

    /// <summary>Pictures (B, 3, H, W) from -1 to 1 as latents of the denoiser (B, C, h, w), without gradients.</summary>
    public required Func<Tensor, Tensor> Encode { get; init; }

    /// <summary>What the collage adds to each row (B, O, h, w); null when nobody lies on it.</summary>
    /// <param name="strengthOf">A factor on what a subject adds, 0 for one that is not there.</param>
    public Tensor? Added(Collage collage, Func<int, double> strengthOf)
    {
        var there = Enumerable.Range(0, Pictures.Count).Where(i => strengthOf(Subjects[i]) != 0).ToArray();
        if (there.Length == 0)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Tensor latents, cover, factor;
        using (no_grad())
        {
            (var canvas, cover, var strengths) = Lay(there, strengthOf);
            latents = Encode(canvas);
            var cell = (int)(canvas.shape[2] / latents.shape[2]);
            cover = functional.avg_pool2d(cover, cell);
            factor = functional.avg_pool2d(strengths, cell) / cover.clamp(min: Narrowest);
        }

        var weight = collage.parameters().First();
        var added = collage.forward(latents.to(weight.dtype), cover);
        if (there.Any(i => strengthOf(Subjects[i]) != 1))
        {
            added = added * where(cover > 0, factor, 1).to(added.dtype);
        }

        var none = zeros([1, .. added.shape[1..]], added.dtype, added.device);
        var rows = tensor(Rows.Select(row => row + 1L).ToArray(), device: added.device);
        return ChannelsLast.Of(cat([none, added]).index_select(0, rows)).MoveToOuterDisposeScope();
    }

    // The smaller lies on the larger: the pictures (P, 3, H, W), which pixels are covered, and with what strength (P, 1, H, W).
    private (Tensor Canvas, Tensor Cover, Tensor Strengths) Lay(int[] there, Func<int, double> strengthOf)
    {
        using var scope = NewDisposeScope();
        var count = Rows.Max() + 1;
        var canvas = zeros(count, 3, Size.Height, Size.Width, device: Pixels.device);
        var (cover, strengths) = (zeros(count, 1, Size.Height, Size.Width, device: Pixels.device), zeros(count, 1, Size.Height, Size.Width, device: Pixels.device));
        var places = Places.to(ScalarType.Float32, CPU).data<float>().ToArray();
        foreach (var i in there.OrderByDescending(Area))
        {
            using var inner = NewDisposeScope();
            var (left, top, right, bottom) = (places[4 * i], places[(4 * i) + 1], places[(4 * i) + 2], places[(4 * i) + 3]);
            var (across, columns) = Sampling(left, right, Size.Width);
            var (down, rows) = Sampling(top, bottom, Size.Height);
            if (columns.Count == 0 || rows.Count == 0)
            {
                continue;
            }

            var reference = ((Pixels[i].to(ScalarType.Float32) / 127.5) - 1).permute(2, 0, 1);    // (3, S, S)
            var laid = down.matmul(reference).matmul(across.transpose(0, 1));                    // (3, rows, columns)
            TensorIndex[] part = [TensorIndex.Single(Pictures[i]), TensorIndex.Colon, TensorIndex.Slice(rows.Start, rows.Start + rows.Count),
                TensorIndex.Slice(columns.Start, columns.Start + columns.Count)];
            canvas.index_put_(laid, part);
            cover.index_put_(ones([], device: Pixels.device), part);
            strengths.index_put_(full([], strengthOf(Subjects[i]), device: Pixels.device), part);
        }

        return (canvas.MoveToOuterDisposeScope(), cover.MoveToOuterDisposeScope(), strengths.MoveToOuterDisposeScope());

        float Area(int i) => (places[(4 * i) + 2] - places[4 * i]) * (places[(4 * i) + 3] - places[(4 * i) + 1]);
    }

    // The pixels whose centres a place covers, and what each takes of the S pixels of a reference (pixels, S): a triangle as wide as the coarser of both.
    private (Tensor Weights, (int Start, int Count) Pixels) Sampling(float from, float to, int length)
    {
        using var scope = NewDisposeScope();
        var side = (int)Pixels.shape[1];
        var first = Math.Max(0, (int)Math.Ceiling((from * length) - .5));
        var beyond = Math.Min(length, (int)Math.Ceiling((to * length) - .5));
        if (to - from < Narrowest || beyond <= first)
        {
            return (empty(0).MoveToOuterDisposeScope(), (0, 0));
        }

        var step = side / ((to - from) * length);
        var centres = ((arange(first, beyond, ScalarType.Float32, Pixels.device) + (.5 - (from * length))) * step) - .5;
        var apart = (arange(side, ScalarType.Float32, Pixels.device).unsqueeze(0) - centres.clamp(0, side - 1).unsqueeze(1)).abs();
        var weights = (1 - (apart / Math.Max(1, step))).clamp(min: 0);
        return ((weights / weights.sum(1, keepdim: true)).MoveToOuterDisposeScope(), (first, beyond - first));
    }
}
