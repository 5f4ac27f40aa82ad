using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>Changes of colour, as torchvision makes them of bytes.</summary>
/// <remarks>
/// Shapes: H x W pixels; colours (3, H, W) are whole numbers from 0 to 255 before and after each change. Blends are cut to whole
/// numbers, not rounded, as in the reference.
/// </remarks>
/// <param name="Order">Numbers of <see cref="Brightness"/>, <see cref="Contrast"/>, <see cref="Saturation"/> and <see cref="Hue"/>.</param>
/// <param name="Hue">Turns of the colour circle.</param>
internal sealed record ColourJitter(IReadOnlyList<int> Order, double Brightness, double Contrast, double Saturation, double Hue)
{
    // Just under 256, so that 1 becomes 255.
    private const double Levels = 255.999;

    public static ColourJitter From(StableRandom random)
    {
        int[] order = [0, 1, 2, 3];
        random.Shuffle<int>(order);
        return new(order, random.Between(.5, 1.5), random.Between(.5, 1.5), random.Between(.5, 1.5), random.Between(-.5, .5));
    }

    /// <summary>Shades of grey (1, H, W).</summary>
    public static Tensor Grey(Tensor colours) =>
        ((0.2989 * colours[0]) + (0.587 * colours[1]) + (0.114 * colours[2])).trunc().unsqueeze(0);

    public Tensor Apply(Tensor colours) => Order.Aggregate(colours, (sofar, change) => change switch
    {
        0 => Blend(sofar, zeros_like(sofar), Brightness),
        1 => Blend(sofar, Grey(sofar).mean(), Contrast),
        2 => Blend(sofar, Grey(sofar), Saturation),
        _ => Turn(sofar, Hue),
    });

    private static Tensor Blend(Tensor colours, Tensor other, double share) => ((share * colours) + ((1 - share) * other)).clamp(0, 255).trunc();

    private static Tensor Turn(Tensor colours, double turns)
    {
        var (hue, saturation, value) = ToHsv(colours / 255);
        return (ToRgb((hue + turns).remainder(1), saturation, value) * Levels).trunc();
    }

    // Each (H, W).
    private static (Tensor Hue, Tensor Saturation, Tensor Value) ToHsv(Tensor rgb)
    {
        var (red, green, blue) = (rgb[0], rgb[1], rgb[2]);
        var (most, least) = (rgb.amax([0L]), rgb.amin([0L]));
        var (one, isGrey) = (ones_like(most), most.eq(least));
        var range = where(isGrey, one, most - least);
        var (r, g, b) = ((most - red) / range, (most - green) / range, (most - blue) / range);
        var hue = where(most.eq(red), b - g, where(most.eq(green), 2.0 + r - b, 4.0 + g - r));
        return (((hue / 6.0) + 1.0).fmod(1), (most - least) / where(isGrey, one, most), most);
    }

    private static Tensor ToRgb(Tensor hue, Tensor saturation, Tensor value)
    {
        var sixth = (hue * 6.0).floor();
        var rest = (hue * 6.0) - sixth;
        var p = (value * (1.0 - saturation)).clamp(0, 1);
        var q = (value * (1.0 - (saturation * rest))).clamp(0, 1);
        var t = (value * (1.0 - (saturation * (1.0 - rest)))).clamp(0, 1);
        var which = sixth.to(int64).remainder(6).unsqueeze(0);    // (1, H, W)
        return cat([Choose(value, q, p, p, t, value), Choose(t, value, value, q, p, p), Choose(p, p, t, value, value, q)]);

        Tensor Choose(params Tensor[] sixths) => stack(sixths).gather(0, which);
    }
}
