using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;
using Dramatis.Files;
using SkiaSharp;

namespace Dramatis.Toybox;

/// <summary>Further pictures of subjects in motion: a reference and what is painted from it then differ in more than light and turn.</summary>
/// <remarks>
/// On disk beside a bank, which may have none: <c>frames.json</c> says by code where WebP pictures lie in <c>frames.bin</c>. They are decoded
/// when asked for.
/// </remarks>
internal sealed class SubjectFrames
{
    private const string IndexName = "frames.json";
    private const string PicturesName = "frames.bin";
    private const float Quality = 92;

    private readonly IReadOnlyDictionary<string, FrameSpan[]> spans;
    private readonly byte[] pictures;

    private readonly string file;

    private SubjectFrames(IReadOnlyDictionary<string, FrameSpan[]> spans, byte[] pictures, string file) =>
        (this.spans, this.pictures, this.file) = (spans, pictures, file);

    /// <summary>Those of a bank's folder.</summary>
    /// <param name="cure">What helps where they are damaged, in whole sentences.</param>
    /// <exception cref="InvalidDataSetException">They are.</exception>
    public static SubjectFrames Load(string folder, string cure)
    {
        var (path, file) = (Path.Combine(folder, IndexName), Path.Combine(folder, PicturesName));
        if (!File.Exists(path))
        {
            return new(new Dictionary<string, FrameSpan[]>(), [], file);
        }

        var spans = DataFile.Json(path, FramesJson.Default.DictionaryStringFrameSpanArray, cure);
        var pictures = DataFile.Bytes(file, cure);
        return spans.Values.All(own => own is not null && own.All(span => span?.LiesIn(pictures.Length) == true))
            ? new(spans, pictures, file)
            : throw new InvalidDataSetException(file, $"is damaged, or not the one that belongs to {IndexName} beside it. {cure}");
    }

    /// <summary>How many further pictures there are of a subject.</summary>
    public int CountOf(ToyboxSubject subject) => spans.TryGetValue(subject.Code, out var own) ? own.Length : 0;

    /// <param name="number">From 0 to <see cref="CountOf"/> - 1.</param>
    /// <exception cref="InvalidDataSetException">The picture is damaged.</exception>
    public Cutout Read(ToyboxSubject subject, int number)
    {
        var span = spans[subject.Code][number];
        try
        {
            return Cutout.Decode(pictures.AsSpan(span.Offset, span.Length));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataSetException(file, $"the picture of {subject.Name} at byte {span.Offset} is damaged; make the bank again.", e);
        }
    }

    /// <summary>Writes pictures as they come, each cropped to its alpha.</summary>
    /// <param name="make">Gets what takes a picture with its subject's code.</param>
    /// <returns>How many there were.</returns>
    public static int Save(string folder, Action<Action<string, SKBitmap>> make)
    {
        var written = new Dictionary<string, FrameSpan[]>(StringComparer.Ordinal);
        AtomicFile.Write(Path.Combine(folder, PicturesName), stream => make((code, picture) =>
        {
            using var pixels = picture.PeekPixels();
            using var data = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, Quality))!;
            written[code] = [.. written.GetValueOrDefault(code, []), new((int)stream.Position, (int)data.Size)];
            stream.Write(data.Span);
        }));
        AtomicFile.Write(
            Path.Combine(folder, IndexName), stream => JsonSerializer.Serialize(stream, written, FramesJson.Default.DictionaryStringFrameSpanArray));
        return written.Values.Sum(own => own.Length);
    }
}

/// <summary>Where a picture lies in the file, in bytes.</summary>
internal sealed record FrameSpan(int Offset, int Length)
{
    public bool LiesIn(int length) => Offset >= 0 && Length > 0 && Offset <= length - Length;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, FrameSpan[]>))]
internal sealed partial class FramesJson : JsonSerializerContext;
