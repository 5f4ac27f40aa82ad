using System.Runtime.InteropServices;
using Dramatis.Tensors;
using Dramatis.Toybox.Grounds;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Procedural grounds: horizon, gradient, sun, stars, hills, houses, window, bubbles, all jittered.</summary>
/// <remarks>Grounds are drawn once into a pool, larger than a scene; a scene takes a window of one, mirrored half of the time.</remarks>
internal sealed class Backgrounds
{
    /// <summary>Grounds of each kind.</summary>
    public const int UsualVariants = 48;

    private const uint Stream = 0xBAC4;

    private readonly int poolSide;
    private readonly Ground[][] pool;    // [kind][variant]

    /// <param name="side">Pixels of the scenes; grounds are a quarter larger.</param>
    public Backgrounds(ulong seed, int variants = UsualVariants, int side = SceneMaker.Side, SceneStyle style = SceneStyle.Plain)
    {
        Style = style;
        poolSide = side * 5 / 4;
        pool = new Ground[Choice.Count][];
        Parallel.For(0, Choice.Count, kind => pool[kind] =
            [.. Enumerable.Range(0, variants).Select(i => Draw(kind, new(seed, (kind * 100_000L) + i, Stream)))]);
    }

    /// <summary>Names of the plain kinds and the words that end a caption.</summary>
    public static IReadOnlyList<(string Name, string Words)> Kinds => GroundKinds.Plain;

    public SceneStyle Style { get; }

    /// <summary>The kinds that there are in this style; <see cref="Kinds"/> come first.</summary>
    public IReadOnlyList<(string Name, string Words)> Choice => Style == SceneStyle.Lit ? GroundKinds.Lit : GroundKinds.Plain;

    /// <summary>One of the pooled grounds, each as likely as another.</summary>
    public (int Kind, int Variant) PickGround(StableRandom random)
    {
        var kind = random.Below(pool.Length);
        return (kind, random.Below(pool[kind].Length));
    }

    /// <summary>Copies a window of a pooled ground onto the canvas.</summary>
    /// <returns>Where in the window subjects can stand, and where its light comes from.</returns>
    public GroundView Paint((int Kind, int Variant) which, StableRandom random, Canvas canvas)
    {
        var ground = pool[which.Kind][which.Variant];
        var (left, top) = (random.Below(poolSide - canvas.Width + 1), random.Below(poolSide - canvas.Height + 1));
        var mirrored = random.Chance(.5);
        var brightness = random.Between(.93, 1.07);
        for (var y = 0; y < canvas.Height; y++)
        {
            for (var x = 0; x < canvas.Width; x++)
            {
                var from = (((top + y) * poolSide) + left + (mirrored ? canvas.Width - 1 - x : x)) * 3;
                var to = ((y * canvas.Width) + x) * 3;
                for (var c = 0; c < 3; c++)
                {
                    canvas.Rgb[to + c] = (byte)Math.Min(255, ground.Rgb[from + c] * brightness);
                }
            }
        }

        return new(((ground.View.Horizon * poolSide) - top) / canvas.Height, mirrored ? -ground.View.Light : ground.View.Light);
    }

    private Ground Draw(int kind, StableRandom random)
    {
        var info = new SKImageInfo(poolSide, poolSide, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var bitmap = new SKBitmap(info);
        var view = new GroundView(0, 0);
        using (var canvas = new SKCanvas(bitmap))
        {
            if (Style == SceneStyle.Lit)
            {
                view = LitGrounds.Paint(kind, new(canvas, random, poolSide));
            }
            else
            {
                new GroundPainter(canvas, random, poolSide).Paint(Kinds[kind].Name);
            }
        }

        var rgba = MemoryMarshal.AsBytes(bitmap.GetPixelSpan());
        var rgb = new byte[poolSide * poolSide * 3];
        for (var i = 0; i < poolSide * poolSide; i++)
        {
            rgba.Slice(i * 4, 3).CopyTo(rgb.AsSpan(i * 3));
        }

        return new(rgb, view);
    }

    private sealed record Ground(byte[] Rgb, GroundView View);
}
