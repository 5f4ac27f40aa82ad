using System.Collections.Concurrent;
using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Busy grounds for references, as photographs have: other things all around, mostly out of focus, under a cast of colour, with grain.</summary>
/// <remarks>Each is drawn when it is first asked for, and kept: drawing costs ten times what the reference itself does.</remarks>
internal sealed class Clutter(SubjectBank bank, Backgrounds backgrounds)
{
    private const int Variants = 256;
    private const uint Stream = 0xC107;
    private const double OutOfFocus = .75;

    private readonly ConcurrentDictionary<(int Variant, int Width), byte[]> drawn = new();

    /// <summary>Fills a square canvas.</summary>
    public void Paint(Canvas canvas, StableRandom random)
    {
        var (variant, mirrored) = (random.Below(Variants), random.Chance(.5));
        var ground = drawn.GetOrAdd((variant, canvas.Width), key =>
        {
            var fresh = new Canvas(key.Width, key.Width);
            Draw(fresh, new StableRandom(Stream, key.Variant, Stream));
            return fresh.Rgb;
        });
        for (var i = 0; i < canvas.Width * canvas.Height; i++)
        {
            var from = mirrored ? i + canvas.Width - 1 - (2 * (i % canvas.Width)) : i;
            ground.AsSpan(from * 3, 3).CopyTo(canvas.Rgb.AsSpan(i * 3));
        }
    }

    private void Draw(Canvas canvas, StableRandom random)
    {
        backgrounds.Paint(backgrounds.PickGround(random), random, canvas);
        for (var things = 4 + random.Below(9); things > 0; things--)
        {
            var size = canvas.Width * random.Between(.15, .55);
            var (x, y) = (random.Between(0, canvas.Width), random.Between(0, canvas.Height));
            canvas.DrawShadow(x, y + (.42 * size), .45 * size, .12 * size, .5);
            canvas.Draw(bank.Cutouts[random.Pick(bank.Seen)], View.Draw(random), x, y, size);
        }

        if (random.Chance(OutOfFocus))
        {
            canvas.Blur(1 + random.Below(1 + (canvas.Width / 40)));
        }

        Expose(canvas, random);
    }

    // Brightness, contrast, white balance and grain of a camera.
    private static void Expose(Canvas canvas, StableRandom random)
    {
        var (contrast, middle, grain) = (random.Between(.65, 1.1), random.Between(90, 165), random.Between(0, 9));
        double[] balance = [random.Between(.88, 1.12), random.Between(.95, 1.05), random.Between(.88, 1.12)];
        for (var i = 0; i < canvas.Rgb.Length; i += 3)
        {
            var noise = grain * ((random.NextBits() & 255) - 127.5) / 127.5;
            for (var c = 0; c < 3; c++)
            {
                canvas.Rgb[i + c] = (byte)Math.Clamp((((canvas.Rgb[i + c] - 128) * contrast) + middle + noise) * balance[c], 0, 255);
            }
        }
    }
}
