using System.Text.Json;
using System.Text.Json.Serialization;
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

    private SubjectFrames(IReadOnlyDictionary<string, FrameSpan[]> spans, byte[] pictures) => (this.spans, this.pictures) = (spans, pictures);

    /// <summary>Those of a bank's folder.</summary>
    public static SubjectFrames Load(string folder)
    {
        var path = Path.Combine(folder, IndexName);
        if (!File.Exists(path))
        {
            return new(new Dictionary<string, FrameSpan[]>(), []);
        }

        var spans = JsonSerializer.Deserialize(File.ReadAllBytes(path), FramesJson.Default.DictionaryStringFrameSpanArray)!;
        return new(spans, File.ReadAllBytes(Path.Combine(folder, PicturesName)));
    }

    /// <summary>How many further pictures there are of a subject.</summary>
    public int CountOf(ToyboxSubject subject) => spans.TryGetValue(subject.Code, out var own) ? own.Length : 0;

    /// <param name="number">From 0 to <see cref="CountOf"/> - 1.</param>
    public Cutout Read(ToyboxSubject subject, int number)
    {
        var span = spans[subject.Code][number];
        return Cutout.Decode(pictures.AsSpan(span.Offset, span.Length));
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

internal sealed record FrameSpan(int Offset, int Length);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Dictionary<string, FrameSpan[]>))]
internal sealed partial class FramesJson : JsonSerializerContext;
