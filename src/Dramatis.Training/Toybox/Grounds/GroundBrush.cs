using Dramatis.Tensors;
using SkiaSharp;

namespace Dramatis.Toybox.Grounds;

/// <summary>What lit grounds are drawn with. Lengths are fractions of the side; colours are 0xRRGGBB and vary a little.</summary>
internal sealed class GroundBrush(SKCanvas canvas, StableRandom random, int side)
{
    private const int Variation = 12;

    public StableRandom Random { get; } = random;

    /// <summary>Where the light comes from: -1 is the left, 1 the right.</summary>
    public double Light { get; } = random.Chance(.5) ? -1 : 1;

    /// <summary>Where the ground that subjects stand on begins.</summary>
    public double Horizon { get; set; } = random.Between(.42, .6);

    /// <summary>A horizontal band that goes from one colour to another.</summary>
    public void Band(double top, double bottom, uint first, uint last)
    {
        using var shader = SKShader.CreateLinearGradient(
            new(0, Pixels(top)), new(0, Pixels(bottom)), [Vary(first), Vary(last)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, Pixels(top), side, Pixels(bottom - top) + 1, paint);
    }

    /// <summary>Light that fades outward.</summary>
    public void Glow(double x, double y, double radius, uint colour, double strength)
    {
        var centre = Vary(colour).WithAlpha((byte)(255 * strength));
        using var shader = SKShader.CreateRadialGradient(
            new(Pixels(x), Pixels(y)), Pixels(radius), [centre, centre.WithAlpha(0)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, side, side, paint);
    }

    /// <summary>A round thing, brighter towards the light.</summary>
    public void Ball(double x, double y, double radiusX, double radiusY, uint colour)
    {
        var own = Vary(colour);
        var towards = new SKPoint(Pixels(x + (Light * .4 * radiusX)), Pixels(y - (.45 * radiusY)));
        using var shader = SKShader.CreateRadialGradient(
            towards, Pixels(1.5 * Math.Max(radiusX, radiusY)), [Scale(own, 1.16), own, Scale(own, .68)], [0, .45f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawOval(Pixels(x), Pixels(y), Pixels(radiusX), Pixels(radiusY), paint);
    }

    /// <summary>A flat ellipse, its edge as soft as said.</summary>
    public void Spot(double x, double y, double radiusX, double radiusY, uint colour, double opacity = 1, double softness = 0)
    {
        using var blur = softness > 0 ? SKMaskFilter.CreateBlur(SKBlurStyle.Normal, Pixels(softness)) : null;
        using var paint = new SKPaint { Color = Vary(colour).WithAlpha((byte)(255 * opacity)), MaskFilter = blur, IsAntialias = true };
        canvas.DrawOval(Pixels(x), Pixels(y), Pixels(radiusX), Pixels(radiusY), paint);
    }

    public void Line(double fromX, double fromY, double toX, double toY, double width, uint colour, double opacity = 1)
    {
        using var paint = new SKPaint
        {
            Color = Vary(colour).WithAlpha((byte)(255 * opacity)),
            StrokeWidth = Pixels(width),
            StrokeCap = SKStrokeCap.Round,
            IsStroke = true,
            IsAntialias = true,
        };
        canvas.DrawLine(Pixels(fromX), Pixels(fromY), Pixels(toX), Pixels(toY), paint);
    }

    /// <summary>A board or wall, lit from the side.</summary>
    public void Block(double left, double top, double right, double bottom, uint colour)
    {
        var own = Vary(colour);
        SKColor[] colours = Light < 0 ? [Scale(own, 1.07), Scale(own, .86)] : [Scale(own, .86), Scale(own, 1.07)];
        using var shader = SKShader.CreateLinearGradient(new(Pixels(left), 0), new(Pixels(right), 0), colours, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawRect(Pixels(left), Pixels(top), Pixels(right - left), Pixels(bottom - top), paint);
    }

    /// <summary>A filled shape; its colour goes to a darker one downward.</summary>
    public void Shape(uint colour, double darker, params ReadOnlySpan<(double X, double Y)> corners)
    {
        using var line = new SKPathBuilder();
        var (top, bottom) = (double.MaxValue, double.MinValue);
        for (var i = 0; i < corners.Length; i++)
        {
            var (x, y) = corners[i];
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            if (i == 0)
            {
                line.MoveTo(Pixels(x), Pixels(y));
            }
            else
            {
                line.LineTo(Pixels(x), Pixels(y));
            }
        }

        line.Close();
        using var path = line.Detach();
        var own = Vary(colour);
        using var shader = SKShader.CreateLinearGradient(new(0, Pixels(top)), new(0, Pixels(bottom)), [own, Scale(own, darker)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        canvas.DrawPath(path, paint);
    }

    /// <summary>Fine clouds of light and dark over a band: what makes sand, grass and walls look like themselves.</summary>
    /// <param name="width">Of a grain; wider than high gives waves and planks.</param>
    public void Grain(double top, double bottom, double width, double height, double strength)
    {
        using var noise = SKShader.CreatePerlinNoiseFractalNoise(1 / Pixels(width), 1 / Pixels(height), 2, Random.Below(1000));
        float[] grey = [.6f, .6f, .6f, 0, -.4f, .6f, .6f, .6f, 0, -.4f, .6f, .6f, .6f, 0, -.4f, 0, 0, 0, 0, (float)strength];
        using var filter = SKColorFilter.CreateColorMatrix(grey);
        using var paint = new SKPaint { Shader = noise, ColorFilter = filter, BlendMode = SKBlendMode.Overlay };
        canvas.DrawRect(0, Pixels(top), side, Pixels(bottom - top), paint);
    }

    /// <summary>The whole picture a little brighter on the side of the light.</summary>
    public void LightUp(double strength)
    {
        var (bright, dark) = (SKColors.White.WithAlpha((byte)(255 * strength * .6)), SKColors.Black.WithAlpha((byte)(255 * strength)));
        SKColor[] colours = Light < 0 ? [bright, bright.WithAlpha(0), dark] : [dark, bright.WithAlpha(0), bright];
        using var shader = SKShader.CreateLinearGradient(new(0, 0), new(side, side * .3f), colours, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, side, side, paint);
    }

    private float Pixels(double fraction) => (float)(fraction * side);

    private SKColor Vary(uint colour)
    {
        var shift = Random.Between(-Variation, Variation);
        return new(
            Limit(((colour >> 16) & 255) + shift + Random.Between(-4, 4)),
            Limit(((colour >> 8) & 255) + shift + Random.Between(-4, 4)),
            Limit((colour & 255) + shift + Random.Between(-4, 4)));
    }

    private static SKColor Scale(SKColor colour, double factor) =>
        new(Limit(colour.Red * factor), Limit(colour.Green * factor), Limit(colour.Blue * factor), colour.Alpha);

    private static byte Limit(double value) => (byte)Math.Clamp(value, 0, 255);
}
