using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.MsDiffusion;

/// <summary>References and the places into which they are laid.</summary>
/// <remarks>Shapes: M references of S x S pixels, B pictures of H x W.</remarks>
internal sealed record LaidReferences
{
    // A place narrower than this shows nothing.
    private const float Narrowest = 1e-4f;

    // What references that are cut out stand on, from -1 to 1.
    private static readonly float Ground = (ReferencePixels.Ground.Red / 127.5f) - 1;

    /// <summary>Colours from 0 to 255 (M, S, S, 3).</summary>
    public required Tensor Pixels { get; init; }

    /// <summary>Which pixels show the subject, from 0 to 255 (M, S, S): behind the others a larger subject is seen where there is one. Null for all.</summary>
    public Tensor? Visible { get; init; }

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

    /// <summary>What the collage computes in, whatever its weights are held in.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

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
            strengths = functional.avg_pool2d(strengths, cell);
            factor = where(cover > 0, strengths / cover, Around(strengths) / Around(cover).clamp(min: Narrowest));
        }

        var added = collage.forward(latents.to(Type), cover);
        if (there.Any(i => strengthOf(Subjects[i]) != 1))
        {
            added *= factor.to(added.dtype);
        }

        var none = zeros([1, .. added.shape[1..]], added.dtype, added.device);
        var rows = tensor(Rows.Select(row => row + 1L).ToArray(), device: added.device);
        return ChannelsLast.Of(cat([none, added]).index_select(0, rows)).MoveToOuterDisposeScope();
    }

    // The mean of the cells that two convolutions bring together.
    private static Tensor Around(Tensor cells) => functional.avg_pool2d(cells, 5, stride: 1, padding: 2);

    // The smaller lies on the larger: the pictures (P, 3, H, W), which pixels are covered, and with what strength (P, 1, H, W).
    private (Tensor Canvas, Tensor Cover, Tensor Strengths) Lay(int[] there, Func<int, double> strengthOf)
    {
        using var scope = NewDisposeScope();
        var count = Rows.Max() + 1;
        var canvas = zeros(count, 3, Size.Height, Size.Width, device: Pixels.device);
        var cover = zeros(count, 1, Size.Height, Size.Width, device: Pixels.device);
        var strengths = zeros_like(cover);
        var places = Places.to(ScalarType.Float32, CPU).data<float>().ToArray();
        foreach (var i in there.OrderByDescending(Area))
        {
            using var inner = NewDisposeScope();
            var (left, top, right, bottom) = (places[4 * i], places[(4 * i) + 1], places[(4 * i) + 2], places[(4 * i) + 3]);
            if (Covered(left, right, Size.Width) is not { } columns || Covered(top, bottom, Size.Height) is not { } rows)
            {
                continue;
            }

            var (across, down) = (Sampling(left, right, Size.Width, columns), Sampling(top, bottom, Size.Height, rows));
            var reference = ((Pixels[i].to(ScalarType.Float32) / 127.5) - 1).permute(2, 0, 1);    // (3, S, S)
            var laid = down.matmul(reference).matmul(across.transpose(0, 1));                    // (3, rows, columns)
            TensorIndex[] part = [TensorIndex.Single(Pictures[i]), TensorIndex.Colon, TensorIndex.Slice(rows.First, rows.Beyond),
                TensorIndex.Slice(columns.First, columns.Beyond)];
            if (Visible is not null)
            {
                var visible = down.matmul(Visible[i].to(ScalarType.Float32) / 255).matmul(across.transpose(0, 1));
                laid += (1 - visible) * cover[part] * (canvas[part] - Ground);
            }

            canvas.index_put_(laid, part);
            cover.index_put_(ones([], device: Pixels.device), part);
            strengths.index_put_(full([], strengthOf(Subjects[i]), device: Pixels.device), part);
        }

        return (canvas.MoveToOuterDisposeScope(), cover.MoveToOuterDisposeScope(), strengths.MoveToOuterDisposeScope());

        float Area(int i) => (places[(4 * i) + 2] - places[4 * i]) * (places[(4 * i) + 3] - places[(4 * i) + 1]);
    }

    // The pixels whose centres a place covers; null for none.
    private static (int First, int Beyond)? Covered(float from, float to, int length)
    {
        var (first, beyond) = (Math.Max(0, (int)Math.Ceiling((from * length) - .5)), Math.Min(length, (int)Math.Ceiling((to * length) - .5)));
        return to - from >= Narrowest && first < beyond ? (first, beyond) : null;
    }

    // What each of them takes of the S pixels of a reference (pixels, S): a triangle as wide as the coarser of both.
    private Tensor Sampling(float from, float to, int length, (int First, int Beyond) pixels)
    {
        using var scope = NewDisposeScope();
        var side = (int)Pixels.shape[1];
        var step = side / ((to - from) * length);
        var centres = ((arange(pixels.First, pixels.Beyond, ScalarType.Float32, Pixels.device) + (.5 - (from * length))) * step) - .5;
        var apart = (arange(side, ScalarType.Float32, Pixels.device).unsqueeze(0) - centres.clamp(0, side - 1).unsqueeze(1)).abs();
        var weights = (1 - (apart / Math.Max(1, step))).clamp(min: 0);
        return (weights / weights.sum(1, keepdim: true)).MoveToOuterDisposeScope();
    }
}
