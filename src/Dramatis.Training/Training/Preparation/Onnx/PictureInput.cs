using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>How a picture is brought to the size that a network wants.</summary>
internal enum PictureFit
{
    /// <summary>Each side to its own length.</summary>
    Stretch,

    /// <summary>As large as fits, at left and top; zeros fill the rest.</summary>
    Pad,

    /// <summary>As large as fits, either way round, and nothing else.</summary>
    Inside,
}

/// <summary>The input of a network that takes a picture (1, 3, H, W).</summary>
internal sealed class PictureInput
{
    private const int Channels = 3;

    // ImageNet's, of 1.
    private static readonly float[] UsualMean = [.485f, .456f, .406f];
    private static readonly float[] UsualDeviation = [.229f, .224f, .225f];

    private readonly PixelSize size;
    private readonly PictureFit fit;
    private readonly float[] mean;
    private readonly float[] deviation;

    private PictureInput(string name, PixelSize size, PictureFit fit, float[] mean, float[] deviation) =>
        (Name, this.size, this.fit, this.mean, this.deviation) = (name, size, fit, mean, deviation);

    /// <summary>The fields of the settings that say how pictures are given.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["size", "fit", "mean", "deviation"];

    public string Name { get; }

    /// <param name="usualSize">Where neither the settings nor the model say one.</param>
    /// <param name="usualFit">Where the settings say none.</param>
    /// <exception cref="InvalidConfigException">A field makes no sense, or the input takes no picture.</exception>
    public static PictureInput Read(OnnxSettings settings, OnnxModel model, string name, PixelSize usualSize, PictureFit usualFit)
    {
        var config = settings.Config;
        var shape = model.ShapeOf(name);
        if (shape is not [_, -1 or Channels, var height, var width])
        {
            throw new InvalidConfigException(
                config.Path, $"the input '{name}' of {model.Path} is {OnnxTensor.Text(shape)}; pictures are [1, 3, height, width].");
        }

        var fixedSize = width > 0 && height > 0;
        var size = fixedSize ? new((int)width, (int)height) : usualSize;
        if (config.Has("size"))
        {
            var sides = config.WholeForEach("size", 2);
            size = new(sides[0], sides[1]);
        }

        var fit = config.Text("fit", (fixedSize && usualFit == PictureFit.Inside ? PictureFit.Stretch : usualFit).ToString().ToLowerInvariant());
        return new(
            name,
            size,
            Enum.TryParse<PictureFit>(fit, ignoreCase: true, out var known) ? known : throw config.Unsupported("fit", fit, "stretch, pad or inside"),
            Colours(config, "mean", UsualMean),
            Colours(config, "deviation", UsualDeviation));
    }

    /// <summary>A picture as the network gets it.</summary>
    public FittedPicture Of(Picture picture)
    {
        var drawn = Drawn(picture.Size);
        var whole = fit == PictureFit.Pad ? size : drawn;
        var rgba = picture.Resize(drawn, ResizeFilter.Bilinear).Rgba;
        var values = new float[Channels * whole.Width * whole.Height];
        for (var y = 0; y < drawn.Height; y++)
        {
            for (var x = 0; x < drawn.Width; x++)
            {
                for (var c = 0; c < Channels; c++)
                {
                    var colour = rgba[(((y * drawn.Width) + x) * 4) + c] / 255f;
                    values[(((c * whole.Height) + y) * whole.Width) + x] = (colour - mean[c]) / deviation[c];
                }
            }
        }

        return new(new(values, 1, Channels, whole.Height, whole.Width), picture.Size, drawn, whole);
    }

    private static float[] Colours(ConfigReader config, string field, float[] usual)
    {
        if (config.Json(field) is not { } list)
        {
            return usual;
        }

        var numbers = config.Numbers(field);
        return numbers.Count == Channels && (field != "deviation" || numbers.All(number => number > 0))
            ? [.. numbers.Select(number => (float)number)]
            : throw config.Unsupported(field, list.GetRawText(), "one number for red, green and blue each, of 1, a deviation above 0");
    }

    private PixelSize Drawn(PixelSize picture)
    {
        if (fit == PictureFit.Stretch)
        {
            return size;
        }

        var (longer, shorter) = (Math.Max(size.Width, size.Height), Math.Min(size.Width, size.Height));
        var scale = fit == PictureFit.Pad
            ? Math.Min((double)size.Width / picture.Width, (double)size.Height / picture.Height)
            : Math.Min((double)longer / Math.Max(picture.Width, picture.Height), (double)shorter / Math.Min(picture.Width, picture.Height));
        return new(Math.Max(1, (int)Math.Round(picture.Width * scale)), Math.Max(1, (int)Math.Round(picture.Height * scale)));
    }
}

/// <summary>A picture inside a network's input.</summary>
/// <param name="Picture">Its own size.</param>
/// <param name="Drawn">Its size in the input, from left and top.</param>
/// <param name="Whole">The size of the input.</param>
internal sealed record FittedPicture(OnnxTensor Pixels, PixelSize Picture, PixelSize Drawn, PixelSize Whole)
{
    private double Across => (double)Whole.Width / Drawn.Width;

    private double Down => (double)Whole.Height / Drawn.Height;

    /// <summary>Fractions of the input to fractions of the picture, cut at its edges.</summary>
    public Box ToPicture(Box box) => new(Inside(box.Left * Across), Inside(box.Top * Down), Inside(box.Right * Across), Inside(box.Bottom * Down));

    /// <summary>Fractions of the picture to pixels of the input: left, top, right, bottom.</summary>
    public float[] ToInput(Box box) =>
    [
        (float)(box.Left * Drawn.Width), (float)(box.Top * Drawn.Height), (float)(box.Right * Drawn.Width), (float)(box.Bottom * Drawn.Height),
    ];

    private static double Inside(double at) => Math.Clamp(at, 0, 1);
}
