using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Training.EasyRef;

/// <summary>Reads one record of a data set and checks all that it says, the pictures that it names among it.</summary>
/// <remarks>The reference's fields; others are not read, as there.</remarks>
/// <param name="folder">What paths are relative to.</param>
/// <param name="side">About the pixels a side that references are brought to.</param>
/// <param name="read">Reads a picture.</param>
internal sealed class GroupReader(string folder, int side, Func<string, Picture> read)
{
    public const string Target = "target";
    public const string Pictures = "image_file";
    public const string Words = "text";

    private const string Face = "face";

    /// <exception cref="RecordException">The record cannot be used.</exception>
    public GroupRecord Read(JsonElement record, int number)
    {
        if (record.ValueKind != JsonValueKind.Object)
        {
            throw new RecordException("is no object; write {\"image_file\": [...], \"text\": \"...\", \"target\": \"...\"}.");
        }

        var target = Texts(record, Target) is [var name] ? name : throw new RecordException("target is missing; name the picture to learn to paint.");
        var references = Texts(record, Pictures);
        var face = record.TryGetProperty(Face, out var boxes) ? FirstBox(boxes) : null as FaceBox?;
        if (references.Count == 0 == face is null)
        {
            throw new RecordException(face is null
                ? "image_file names no picture; name those of the group, or give the boxes of a face in the target."
                : "has image_file and face; give the group's pictures, or a face of the target.");
        }

        var size = Size(target, Target);
        if (face is null)
        {
            foreach (var (i, reference) in references.Index())
            {
                Check(reference == target ? size : Size(reference, $"{Pictures}[{i}]"), $"{Pictures}[{i}]");
            }
        }

        return new() { Number = number, Target = PathOf(target), References = [.. references.Select(PathOf)], Face = face, Texts = Texts(record, Words) };
    }

    // A text alone is a list of one.
    private static IReadOnlyList<string> Texts(JsonElement record, string field)
    {
        if (!record.TryGetProperty(field, out var value))
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.String)
            ? [.. items.Select(item => Text(item, field))]
            : throw new RecordException($"{field} is no text and no list of texts.");
    }

    private static string Text(JsonElement item, string field)
    {
        try
        {
            return item.GetString()!;
        }
        catch (InvalidOperationException)    // half of a pair of surrogates
        {
            throw new RecordException($"{field} has a character that is none; write it in UTF-8.");
        }
    }

    // [left, top, right, bottom, score], in a list, or, as the published description has it, in a list of one list: the first counts.
    private static FaceBox FirstBox(JsonElement boxes)
    {
        var box = boxes;
        while (box.ValueKind == JsonValueKind.Array && box.GetArrayLength() > 0 && box[0].ValueKind == JsonValueKind.Array)
        {
            box = box[0];
        }

        double[] numbers = box.ValueKind == JsonValueKind.Array ? [.. box.EnumerateArray().Select(Number)] : [];
        return numbers is [var left, var top, var right, var bottom, ..] && left < right && top < bottom
            ? new(left, top, right, bottom)
            : throw new RecordException("face has no box; write [[left, top, right, bottom, score]] in pixels of the target.");

        static double Number(JsonElement item) => item.ValueKind == JsonValueKind.Number ? item.GetDouble() : double.NaN;
    }

    private PixelSize Size(string path, string field)
    {
        try
        {
            return read(PathOf(path)).Size;
        }
        catch (UnreadablePictureException e)
        {
            throw new RecordException($"{field}: {e.Message}");
        }
    }

    private void Check(PixelSize size, string field)
    {
        try
        {
            SmartResize.Check(size, side, field);
        }
        catch (UnreadablePictureException e)
        {
            throw new RecordException(e.Message);
        }
    }

    private string PathOf(string path) => Path.Combine(folder, path);
}
