using Dramatis.Pictures;
using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Mean and deviation of the colours that an encoder of pictures was trained on, red, green, blue, of 1.</summary>
internal sealed record ColourNorm(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    /// <summary>Colours from 0 to 255 (B, H, W, 3), bytes or numbers, to normalised (B, 3, H, W), channels innermost in memory.</summary>
    public Tensor Of(Tensor colours)
    {
        using var scope = NewDisposeScope();
        var unit = colours.to(ScalarType.Float32) / 255;
        var normal = (unit - tensor(Mean.ToArray(), device: colours.device)) / tensor(Deviation.ToArray(), device: colours.device);
        return normal.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Pictures of one size, alpha left out, to normalised (B, 3, H, W).</summary>
    /// <param name="device">Null is the processor.</param>
    public Tensor Of(IReadOnlyList<Picture> pictures, Device? device = null)
    {
        using var scope = NewDisposeScope();
        byte[] colours = [.. pictures.SelectMany(picture => picture.ToRgb())];
        return Of(tensor(colours, device: device).view(pictures.Count, pictures[0].Height, pictures[0].Width, 3)).MoveToOuterDisposeScope();
    }
}
