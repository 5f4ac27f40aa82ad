using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>Views of pictures, encoded once: what a training draws its latents from.</summary>
/// <remarks>Shapes: V views, C latent channels, h x w cells. A step that encodes anew would spend most of its time in the autoencoder.</remarks>
internal sealed class LatentViews : IDisposable
{
    private const uint Stream = 0x71E5;

    private readonly int pictures;
    private readonly (string Words, Box Place)[] seen;
    private readonly Tensor means;         // (V, C, h, w)
    private readonly Tensor deviations;    // (V, C, h, w)
    private readonly Tensor masks;         // (V, 1, h, w)
    private readonly double scale;

    private LatentViews(int pictures, (string Words, Box Place)[] seen, (Tensor Means, Tensor Deviations, Tensor Masks) encoded, VaeConfig config)
    {
        this.pictures = pictures;
        this.seen = seen;
        (means, deviations, masks) = encoded;
        scale = config.ScalingFactor;
        HasMasks = masks.lt(1).any().item<bool>();
    }

    /// <summary>Whether some cells of some view do not count.</summary>
    public bool HasMasks { get; }

    /// <summary>Channels, rows and columns of one view's latents.</summary>
    public IReadOnlyList<long> Shape => means.shape[1..];

    /// <summary>Draws and encodes so many views of each picture.</summary>
    /// <exception cref="OperationCanceledException">Stopped between two views.</exception>
    public static LatentViews Encode(
        AutoencoderKL vae, IReadOnlyList<SubjectPicture> pictures, ViewMaker make, int each, ulong seed, CancellationToken cancellationToken = default)
    {
        using var held = FinalizerHold.Take();
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var views = Enumerable.Range(0, pictures.Count * each)
            .Select(i => make(pictures[i / each], new StableRandom(seed, i, Stream)))
            .ToArray();
        var posteriors = views.Select(view =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var posterior = vae.Encode(PicturePixels.FromRgb([view.Picture.ToRgb()], view.Picture.Size));
            var (mean, deviation) = (vae.ToModel(posterior.Mean), posterior.Deviation());
            return (Mean: mean.MoveToOuterDisposeScope(), Deviation: deviation.MoveToOuterDisposeScope());
        }).ToArray();
        var means = cat([.. posteriors.Select(item => item.Mean)]).DetachFromDisposeScope();
        var deviations = cat([.. posteriors.Select(item => item.Deviation)]).DetachFromDisposeScope();
        var grid = new PixelSize((int)means.shape[3], (int)means.shape[2]);
        var masks = tensor(views.SelectMany(view => Cells(view, grid)).ToArray()).view(-1, 1, grid.Height, grid.Width).DetachFromDisposeScope();
        return new(pictures.Count, [.. views.Select(view => (view.Words, view.Place))], (means, deviations, masks), vae.Config);
    }

    /// <summary>The view for an item of a training: every picture comes once before one comes again.</summary>
    public int Draw(long item, ulong seed)
    {
        var order = Enumerable.Range(0, pictures).ToArray();
        new StableRandom(seed, item / pictures, Stream + 1).Shuffle<int>(order);
        var each = seen.Length / pictures;
        return (order[(int)(item % pictures)] * each) + new StableRandom(seed, item, Stream + 2).Below(each);
    }

    /// <summary>Latents (1, C, h, w) of a view: one draw of what the autoencoder says.</summary>
    /// <param name="noise">Unit noise of that shape.</param>
    public Tensor Latents(int view, Tensor noise)
    {
        using var scope = NewDisposeScope();
        return (means[view..(view + 1)] + (scale * deviations[view..(view + 1)] * noise)).MoveToOuterDisposeScope();
    }

    /// <summary>What each cell of a view counts (1, 1, h, w).</summary>
    public Tensor Mask(int view) => masks[view..(view + 1)];

    /// <summary>What the text says of a view before all else.</summary>
    public string Words(int view) => seen[view].Words;

    /// <summary>Where the subject stands in a view.</summary>
    public Box Place(int view) => seen[view].Place;

    public void Dispose()
    {
        means.Dispose();
        deviations.Dispose();
        masks.Dispose();
    }

    private static IEnumerable<float> Cells(SubjectView view, PixelSize grid) => view.Mask is not { } mask
        ? Enumerable.Repeat(1f, grid.Width * grid.Height)
        : mask.Resize(grid, ResizeFilter.Box).ToRgb().Where((_, i) => i % 3 == 0).Select(value => value >= 128 ? 1f : 0f);
}
