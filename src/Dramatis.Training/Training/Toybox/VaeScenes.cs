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

    /// <summary>Pixels (B, 3, side, side) of a share: a picture counts as much whether it is whole or in squares.</summary>
    public Tensor Draw(TrainingShare share)
    {
        if (recipe.Crop is not { } crop || share.Step.Progress >= recipe.WholeFrom)
        {
            return Pixels(share.First, share.Count, recipe.Side, index => scenes.Make(index).Rgb);
        }

        var squares = recipe.Side / crop * (recipe.Side / crop);
        return Pixels(share.First * squares, share.Count * squares, crop, index => Square(scenes.Make(index), crop, new(seed, index, Stream)));
    }

    private static Tensor Pixels(long first, int count, int side, Func<long, byte[]> make) =>
        PicturePixels.FromRgb([.. Enumerable.Range(0, count).Select(i => make(first + i))], new(side, side));

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
