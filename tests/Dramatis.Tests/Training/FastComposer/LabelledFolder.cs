using System.Text.Json;
using Dramatis.Pictures;
using Dramatis.Training.FastComposer;

namespace Dramatis.Tests.Training.FastComposer;

/// <summary>A data set of one picture, 20 by 16, laid out as the published one: a man on the left, a woman on the right.</summary>
internal sealed class LabelledFolder : IDisposable
{
    public const string Caption = "a man and a woman";

    public static readonly PixelSize Size = new(20, 16);

    public LabelledFolder()
    {
        Directory.CreateDirectory(PathOf("00001"));
        WriteIds("00001234");
        PictureWriter.WritePng(File("jpg"), Picture.Filled(Size.Width, Size.Height, new(200, 100, 50)));    // what is in a file counts, not its name
        WriteText(Caption, Man, Woman);
        WriteLabels(Halves(Size));
    }

    public static Dictionary<string, object?> Man => Segment(1, 5, 0, 0, 10, 16);

    public static Dictionary<string, object?> Woman => Segment(2, 17, 10, 0, 20, 16);

    public string Path { get; } = Directory.CreateTempSubdirectory("dramatis-").FullName;

    /// <summary>1 on the left, 2 on the right.</summary>
    public static LabelMap Halves(PixelSize size) => new(size, [.. Enumerable.Range(0, size.Width * size.Height).Select(i => i % size.Width < 10 ? 1 : 2)]);

    public string PathOf(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public string File(string ending) => PathOf("00001", $"00001234.{ending}");

    public void WriteIds(params string[] ids) => System.IO.File.WriteAllLines(PathOf("image_ids_train.txt"), ids);

    public void WriteText(string? caption, params object?[] segments) =>
        System.IO.File.WriteAllText(File("json"), JsonSerializer.Serialize(new { image_id = 1234, caption, segments }));

    public void WriteLabels(LabelMap labels) => NpyFile.Write(File("npy"), labels);

    public LabelFolder Load(params string[] kinds) => LabelFolder.Load(Path, kinds: kinds.Length == 0 ? null : kinds);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static Dictionary<string, object?> Segment(int id, int end, params int[] bbox) =>
        new() { ["id"] = id, ["end"] = end, ["bbox"] = bbox, ["coco_label"] = "person", ["word"] = "read by nobody" };
}
