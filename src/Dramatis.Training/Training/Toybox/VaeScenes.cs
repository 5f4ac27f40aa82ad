using Dramatis.Tensors;
using Dramatis.Toybox;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>The pictures that an autoencoder learns from: whole scenes, or at first squares cut out of them.</summary>
internal sealed class VaeScenes(SceneMaker scenes, VaeRecipe recipe, ulong seed)
{
    private const uint Stream = 0xC409;

    // The others lie anywhere; grounds are simpler than subjects.
    private const double OnSubject = .7;

    /// <summary>The pictures of a share: one counts as much whether it is whole or in squares.</summary>
    /// <param name="first">The first picture; they are counted from the start of the training.</param>
    /// <param name="progress">How much of the training is done, from 0 to 1.</param>
    public VaePictures Draw(long first, int count, double progress)
    {
        if (recipe.Crop is not { } crop || progress >= recipe.WholeFrom)
        {
            return new(Made(first, count, index => scenes.Make(index).Rgb), recipe.Side);
        }

        var squares = recipe.Side / crop * (recipe.Side / crop);
        return new(Made(first * squares, count * squares, index => Square(scenes.Make(index), crop, new(seed, index, Stream))), crop);
    }

    private static byte[][] Made(long first, int count, Func<long, byte[]> make) => [.. Enumerable.Range(0, count).Select(i => make(first + i))];

    private byte[] Square(Scene scene, int crop, StableRandom random)
    {
        var range = recipe.Side - crop;
        var (left, top) = (random.Between(0, range + 1), random.Between(0, range + 1));
        if (scene.Parts.Count > 0 && random.Chance(OnSubject))
        {
            var part = random.Pick(scene.Parts).Tight;
            left = (recipe.Side * random.Between(part.Left, part.Right)) - (crop / 2.0);
            top = (recipe.Side * random.Between(part.Top, part.Bottom)) - (crop / 2.0);
        }

        var (x, y) = ((int)Math.Clamp(left, 0, range), (int)Math.Clamp(top, 0, range));
        var rows = Enumerable.Range(y, crop).SelectMany(row => scene.Rgb.AsSpan(((row * recipe.Side) + x) * 3, crop * 3).ToArray());
        return [.. rows];
    }
}

/// <summary>Pictures as plain values: made on any thread, turned into tensors where they are used.</summary>
/// <param name="Rgb">Of each its bytes, row by row.</param>
/// <param name="Side">Pixels along one side of each.</param>
internal sealed record VaePictures(IReadOnlyList<byte[]> Rgb, int Side)
{
    /// <summary>Pixels (B, 3, side, side) in [-1, 1].</summary>
    public Tensor ToPixels(Device device) => PicturePixels.FromRgb(Rgb, new(Side, Side), device);
}
