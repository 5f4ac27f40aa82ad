using Dramatis.Pictures;

namespace Dramatis.Training.Toybox;

/// <summary>Other colours for a picture: its red, green and blue in another order. What is grey stays so.</summary>
internal sealed class ChannelOrders
{
    private readonly int[] order;

    private ChannelOrders(params int[] order) => this.order = order;

    /// <summary>All but the picture's own.</summary>
    public static IReadOnlyList<ChannelOrders> Others { get; } = [new(0, 2, 1), new(1, 0, 2), new(1, 2, 0), new(2, 0, 1), new(2, 1, 0)];

    public Picture Of(Picture picture) => Picture.FromRgb(Of(picture.ToRgb()), new(picture.Width, picture.Height));

    /// <param name="rgb">Red, green and blue of each pixel.</param>
    public byte[] Of(byte[] rgb)
    {
        var turned = new byte[rgb.Length];
        for (var i = 0; i < rgb.Length; i++)
        {
            turned[i] = rgb[i - (i % 3) + order[i % 3]];
        }

        return turned;
    }
}
