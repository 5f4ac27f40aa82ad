using Dramatis.Pictures;
using Dramatis.Toybox;
using SkiaSharp;

namespace Dramatis.TestKit.Onnx;

/// <summary>Toy scenes of two shapes in colours that no ground has, with captions beside them: what is where is known from how they were made.</summary>
public sealed class ShapeScenes
{
    private readonly SceneMaker maker;

    /// <param name="folder">Where the bank of the two shapes goes.</param>
    public ShapeScenes(string folder)
    {
        using SKBitmap square = Draw(Things[0].Colour, (canvas, paint) => canvas.DrawRect(0, 0, SubjectBank.PictureSide, SubjectBank.PictureSide, paint));
        using SKBitmap disc = Draw(Things[1].Colour, (canvas, paint) => canvas.DrawOval(48, 48, 48, 48, paint));
        SubjectBank.Save(folder, [(new("1", "1", "magenta square", 1), square), (new("2", "2", "lime disc", 2), disc)]);
        var options = new SceneOptions { Split = SubjectSplit.All, Counts = [0, 0, 1], Twins = 0, NoSceneWords = 0 };
        maker = new(SubjectBank.Load(folder), new(seed: 1, variants: 2), seed: 1, options);
    }

    internal static IReadOnlyList<ToyThing> Things { get; } = [new("magenta", new(255, 0, 255)), new("lime", new(0, 255, 0))];

    /// <summary>Scenes that show both shapes.</summary>
    internal IEnumerable<Scene> All() => Enumerable.Range(0, int.MaxValue).Select(i => maker.Make(i))
        .Where(scene => scene.Parts.Select(part => part.Subject).Distinct().Count() == 2);

    internal static Picture PictureOf(Scene scene) => Picture.FromRgb(scene.Rgb, new(SceneMaker.Side, SceneMaker.Side));

    /// <summary>Writes pictures 0.png, 1.png and so on, with captions.</summary>
    internal IReadOnlyList<Scene> Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        Scene[] scenes = [.. All().Take(count)];
        foreach (var (i, scene) in scenes.Index())
        {
            PictureWriter.WritePng(Path.Combine(folder, $"{i}.png"), PictureOf(scene));
            File.WriteAllText(Path.Combine(folder, $"{i}.txt"), scene.Caption);
        }

        return scenes;
    }

    private static SKBitmap Draw(Rgb colour, Action<SKCanvas, SKPaint> draw)
    {
        var bitmap = new SKBitmap(new SKImageInfo(SubjectBank.PictureSide, SubjectBank.PictureSide, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { Color = new(colour.Red, colour.Green, colour.Blue), IsAntialias = true };
        canvas.Clear();
        draw(canvas, paint);
        return bitmap;
    }
}
