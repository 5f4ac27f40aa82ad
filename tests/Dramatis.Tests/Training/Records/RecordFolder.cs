using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Tests.Training.Records;

/// <summary>A small data set in a folder of its own.</summary>
internal sealed class RecordFolder : IDisposable
{
    public RecordFolder()
    {
        Picture(80, 64, "truth.png");
        Picture(40, 40, "reference.png");
        Picture(40, 40, "mask.png");
        Picture(20, 20, "small.png");
        File.WriteAllText(PathOf("text.png"), "no picture");
    }

    public static Dictionary<string, object?> Good => new()
    {
        ["text"] = "a dog on a beach",
        ["image_file"] = "truth.png",
        ["image_phrases"] = new[] { "dog" },
        ["image_boxes"] = new[] { new[] { 10.5, 8, 60, 60 } },
        ["reference_image_files"] = new[] { "reference.png" },
        ["reference_image_boxes"] = new[] { new[] { 0.0, 0, 30, 40 } },
    };

    public string Path { get; } = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes records, those that are no text as JSON.</summary>
    public RecordSet Load(params IEnumerable<object> lines)
    {
        File.WriteAllLines(PathOf(RecordSet.FileName), lines.Select(line => line as string ?? JsonSerializer.Serialize(line)));
        return RecordSet.Load(Path, mostSubjects: 4);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Picture(int width, int height, string name) =>
        PictureWriter.WritePng(PathOf(name), Dramatis.Pictures.Picture.Filled(width, height, new(200, 100, 50)));
}
