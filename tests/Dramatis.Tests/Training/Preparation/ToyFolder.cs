using Dramatis.Pictures;
using Dramatis.TestKit.Onnx;
using Dramatis.Training.Preparation;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Tests.Training.Preparation;

/// <summary>A folder with toy networks, and data for them.</summary>
internal sealed class ToyFolder : IDisposable
{
    public const int Side = 128;

    public string Path { get; } = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public string Detector(IReadOnlyList<ToyThing>? things = null) => ToyModels.WriteDetector(Path, things ?? ShapeScenes.Things, Side);

    public string Segmenter(IReadOnlyList<ToyThing>? things = null) => ToyModels.WriteSegmenter(Path, things ?? ShapeScenes.Things, Side);

    public string Features() => ToyModels.WriteFeatures(Path);

    /// <summary>Prepares the folder <c>data</c>.</summary>
    /// <param name="stopAfter">So many items are done when it is cancelled.</param>
    public PreparationSummary Prepare(
        PreparationOptions? options = null, IReadOnlyList<ToyThing>? things = null, Action<PreparationEvent>? watch = null, int? stopAfter = null)
    {
        using var stop = new CancellationTokenSource();
        using var detector = PhraseDetector.Load(Detector(things));
        using var segmenter = BoxSegmenter.Load(Segmenter(things));
        using var features = OnnxFeatures.Load(Features());
        var preparation = new RecordPreparation(options ?? Options(), detector, segmenter, features);
        return preparation.Run(new Watcher(Watch), stop.Token);

        void Watch(PreparationEvent done)
        {
            watch?.Invoke(done);
            if (done.Done == stopAfter)
            {
                stop.Cancel();
            }
        }
    }

    public PreparationOptions Options(string output = "records") => new() { Data = PathOf("data"), Output = PathOf(output) };

    /// <summary>Writes a grey picture with coloured boxes, and its caption.</summary>
    public void Write(string name, string? caption, (int Width, int Height) size, params ReadOnlySpan<(Rgb Colour, PixelBox Box)> boxes)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        PictureWriter.WritePng(path, Paint(size, boxes));
        if (caption is not null)
        {
            File.WriteAllText(System.IO.Path.ChangeExtension(path, ".txt"), caption);
        }
    }

    public static Picture Paint((int Width, int Height) size, params ReadOnlySpan<(Rgb Colour, PixelBox Box)> boxes)
    {
        var picture = Picture.Filled(size.Width, size.Height, Rgb.Gray(90));
        foreach (var (colour, box) in boxes)
        {
            for (var y = box.Top; y < box.Bottom; y++)
            {
                for (var x = box.Left; x < box.Right; x++)
                {
                    (picture.Row(y)[4 * x], picture.Row(y)[(4 * x) + 1], picture.Row(y)[(4 * x) + 2]) = (colour.Red, colour.Green, colour.Blue);
                }
            }
        }

        return picture;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private sealed class Watcher(Action<PreparationEvent> watch) : IProgress<PreparationEvent>
    {
        public void Report(PreparationEvent value) => watch(value);
    }
}
