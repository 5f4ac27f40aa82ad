using System.Runtime.InteropServices;
using Dramatis.Tensors;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Procedural grounds: horizon, gradient, sun, stars, hills, houses, window, bubbles, all jittered.</summary>
/// <remarks>Grounds are drawn once into a pool, larger than a scene; a scene takes a window of one, mirrored half of the time.</remarks>
internal sealed class Backgrounds
{
    /// <summary>Pixels of a pooled ground, square.</summary>
    public const int PoolSide = 160;

    private const uint Stream = 0xBAC4;

    private readonly byte[][][] pool;    // [kind][variant] RGB

    public Backgrounds(ulong seed, int variants = 48)
    {
        pool = new byte[Kinds.Count][][];
        Parallel.For(0, Kinds.Count, kind => pool[kind] =
            [.. Enumerable.Range(0, variants).Select(i => Draw(kind, new(seed, (kind * 100_000L) + i, Stream)))]);
    }

    /// <summary>Names of the kinds and the words that end a caption.</summary>
    public static IReadOnlyList<(string Name, string Words)> Kinds { get; } =
    [
        ("beach", "on a beach"), ("meadow", "in a meadow"), ("snow", "in the snow"), ("desert", "in a desert"),
        ("night", "at night"), ("sunset", "at sunset"), ("space", "in space"), ("room", "in a room"),
        ("city", "in a city"), ("water", "under water"), ("forest", "in a forest"), ("mountains", "in the mountains"),
    ];

    /// <summary>Copies a window of a pooled ground onto the canvas.</summary>
    public void Paint(int kind, StableRandom random, Canvas canvas)
    {
        var ground = random.Pick(pool[kind]);
        var (left, top) = (random.Below(PoolSide - canvas.Width + 1), random.Below(PoolSide - canvas.Height + 1));
        var mirrored = random.Chance(.5);
        var brightness = random.Between(.93, 1.07);
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var from = (((top + y) * PoolSide) + left + (mirrored ? canvas.Width - 1 - x : x)) * 3;
                var to = ((y * canvas.Width) + x) * 3;
                for (var c = 0; c < 3; c++)
                {
                    canvas.Rgb[to + c] = (byte)Math.Min(255, ground[from + c] * brightness);
                }
            }
        }
    }

    private static byte[] Draw(int kind, StableRandom random)
    {
        var info = new SKImageInfo(PoolSide, PoolSide, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        using (var canvas = new SKCanvas(bitmap))
        {
            new GroundPainter(canvas, random, PoolSide).Paint(Kinds[kind].Name);
        }

        var rgba = MemoryMarshal.AsBytes(bitmap.GetPixelSpan());
        var rgb = new byte[PoolSide * PoolSide * 3];
        for (var i = 0; i < PoolSide * PoolSide; i++)
        {
            rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));
        }

        return rgb;
    }
}
