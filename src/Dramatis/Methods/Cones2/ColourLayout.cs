using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.Cones2;

/// <summary>The places of words, drawn as a picture of flat colours; to the number as the official code reads it.</summary>
/// <remarks>
/// Only pixels of exactly a listed colour are a place; where borders are mixtures they are nobody's. Several colours of the same words
/// add up, and words that are in the prompt twice get their place twice.
/// Shapes: N cells of a feature map, S = 768 pixels a side, L text tokens.
/// </remarks>
internal sealed class ColourLayout
{
    private const int Side = 768;

    // The feature maps of the published model; those of any other size go through the full-size map.
    private static readonly int[] DirectScales = [8, 16, 32, 64];

    // Other colours may be borders that drawing programs have smoothed.
    private const double NoticeableShare = .01;

    private readonly GuidanceConfig config;
    private readonly int[] colours;    // one number a pixel, row by row
    private readonly Device? device;

    private ColourLayout(GuidanceConfig config, int[] colours, Device? device) => (this.config, this.colours, this.device) = (config, colours, device);

    /// <param name="device">Where its maps shall be; null is the processor.</param>
    /// <exception cref="UnreadablePictureException">The layout picture is missing or no picture.</exception>
    public static ColourLayout Read(GuidanceConfig config, Device? device = null)
    {
        var bytes = PictureReader.ReadBytes(config.Layout!, PictureLimits.Default);
        var picture = PictureReader.Read(bytes, config.Layout!);
        if (picture.Size != new PixelSize(Side, Side))
        {
            picture = picture.Resize(new(Side, Side), HasPalette(bytes) ? ResizeFilter.Nearest : ResizeFilter.Bicubic);
        }

        var rgb = picture.ToRgb();
        return new(config, [.. Enumerable.Range(0, Side * Side).Select(i => Number(new(rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2])))], device);
    }

    /// <summary>Refuses what the official code paints nonsense from.</summary>
    /// <exception cref="InvalidConfigException">
    /// A listed colour has no pixel, or many pixels have a colour that is not listed and is not the ground.
    /// </exception>
    public void Check()
    {
        var counts = colours.CountBy(colour => colour).ToDictionary();
        var listed = config.Regions.Select(region => Number(region.Colour)).ToHashSet();
        if (config.Regions.FirstOrDefault(region => !counts.ContainsKey(Number(region.Colour))) is { Words: not null } empty)
        {
            throw new InvalidConfigException(
                config.Layout!, $"has no pixel of the colour {Text(Number(empty.Colour))}, so that \"{empty.Words}\" has no area; draw it, without "
                    + "smoothing, or take it out of the list.");
        }

        var others = counts.Where(item => !listed.Contains(item.Key)).OrderByDescending(item => item.Value);
        if (others.Skip(1).FirstOrDefault(item => item.Value > NoticeableShare * colours.Length) is { Value: > 0 } other)
        {
            throw new InvalidConfigException(
                config.Layout!,
                    $"has {other.Value:N0} pixels of the colour {Text(other.Key)}, which is not listed; list it with its words, or paint it as the ground.");
        }
    }

    /// <summary>What is added to the attention of each token in each cell (N, L).</summary>
    /// <param name="ids">Of the whole text, start and padding among them.</param>
    /// <param name="words">Of each region, without start and end.</param>
    public Tensor At(Grid grid, IReadOnlyList<int> ids, IReadOnlyList<IReadOnlyList<int>> words) =>
        Spread(ids, words, grid.Cells, grid.Width == grid.Height ? weights => OfCells(weights, grid.Cells) : weights => Stretch(weights, grid));

    /// <summary>The same where all that is known of a feature map is how many cells it has.</summary>
    public Tensor AtCells(int cells, IReadOnlyList<int> ids, IReadOnlyList<IReadOnlyList<int>> words) =>
        Spread(ids, words, cells, weights => OfCells(weights, cells));

    /// <summary>Where in a text some words begin.</summary>
    public static IEnumerable<int> Find(IReadOnlyList<int> ids, IReadOnlyList<int> words) =>
        Enumerable.Range(0, Math.Max(0, ids.Count - words.Count + 1))
            .Where(start => words.Count > 0 && words.Index().All(word => ids[start + word.Index] == word.Item));

    private Tensor Spread(IReadOnlyList<int> ids, IReadOnlyList<IReadOnlyList<int>> words, int cells, Func<Tensor, Tensor> resample)
    {
        using var scope = NewDisposeScope();
        var all = zeros(cells, ids.Count, device: device);
        foreach (var (region, own) in config.Regions.Zip(words))
        {
            var column = resample(Weights(region.Colour, region.Inside)).unsqueeze(-1);    // (N, 1)
            foreach (var start in Find(ids, own))
            {
                all.narrow(1, start, own.Count).add_(column);
            }
        }

        return all.MoveToOuterDisposeScope();
    }

    // (1, 1, S, S). That a weight of 0 means outside is the official code's own.
    private Tensor Weights(Rgb colour, double inside)
    {
        var (own, outside) = (Number(colour), (float)config.Guidance.Outside);
        var within = inside == 0 ? outside : (float)inside;
        return tensor(colours.Select(pixel => pixel == own ? within : outside).ToArray(), device: device).view(1, 1, Side, Side);
    }

    private static Tensor OfCells(Tensor weights, int cells)
    {
        var direct = Array.Find(DirectScales, scale => Side / scale * (Side / scale) == cells);
        if (direct != 0)
        {
            return Stretch(weights, new(Side / direct, Side / direct));
        }

        var side = (int)Math.Floor(Side * (1 / Math.Sqrt((double)Side * Side / cells)));
        var flat = Stretch(weights, new(side, side));
        return flat.shape[0] == cells ? flat : functional.interpolate(flat.view(1, 1, -1), [cells]).view(-1);
    }

    // Corners on corners, without averaging: cells between inside and outside come out as outside.
    private static Tensor Stretch(Tensor weights, Grid grid) =>
        functional.interpolate(weights, [grid.Height, grid.Width], mode: InterpolationMode.Bilinear, align_corners: true).view(-1);

    private static int Number(Rgb colour) => (colour.Red << 16) | (colour.Green << 8) | colour.Blue;

    private static string Text(int colour) => $"{colour >> 16},{(colour >> 8) & 255},{colour & 255}";

    // Of a PNG, in its first chunk. Such a picture keeps its colours when it is resized.
    private static bool HasPalette(byte[] file)
    {
        const int ColourType = 25;
        return file.Length > ColourType && file.AsSpan(1).StartsWith("PNG"u8) && file[ColourType] == 3;
    }
}
