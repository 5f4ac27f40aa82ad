using Dramatis.Pictures;
using Dramatis.Training;
using Dramatis.Training.Toybox;

namespace Dramatis.Benches.Toybox;

/// <summary>Scenes and references as pictures.</summary>
internal static class ToyboxPictures
{
    public static Picture From(Scene scene) => SampleSheet.FromRgb(scene.Rgb, new(SceneMaker.Side, SceneMaker.Side));

    public static Picture From(byte[] rgb, int side) => SampleSheet.FromRgb(rgb, new(side, side));
}
