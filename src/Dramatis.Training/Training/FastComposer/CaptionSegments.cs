using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Methods.FastComposer;
using Dramatis.Pictures;

namespace Dramatis.Training.FastComposer;

/// <summary>A caption with the subjects that it names, as a file of the published data set says them.</summary>
internal sealed record CaptionSegments(string Caption, IReadOnlyList<PictureSegment> Segments)
{
    private const long Longest = 1 << 24;

    /// <param name="path">Of the JSON.</param>
    /// <param name="kinds">What subjects may be; others do not count. All when null.</param>
    /// <exception cref="InvalidDataSetException">It is missing, malformed, or cannot be trained on.</exception>
    public static CaptionSegments Read(string path, IReadOnlyCollection<string>? kinds)
    {
        var body = Parse(path);
        var caption = Required(body.Caption, path, "caption", "describe the picture");
        var segments = Required(body.Segments, path, "segments", "list the subjects, or []").Index()
            .Where(item => IsWanted(item.Item, item.Index)).Select(item => Segment(item.Item, item.Index)).ToArray();
        var read = new CaptionSegments(caption, segments);
        return read.Problem() is { } problem ? throw new InvalidDataSetException(path, problem) : read;

        bool IsWanted(SegmentBody? segment, int i)
        {
            var kind = Required(segment?.CocoLabel, path, $"segments[{i}].coco_label", "say what it is, for example \"person\"");
            return kinds is null || kinds.Contains(kind);
        }

        PictureSegment Segment(SegmentBody segment, int i) => new(
            Required(segment.Id, path, $"segments[{i}].id", "give its number in the label map"),
            CharactersOf(caption, Required(segment.End, path, $"segments[{i}].end", "say behind which character its words end")),
            Place(segment.Bbox, path, $"segments[{i}].bbox"));
    }

    /// <summary>Why it cannot be trained on, or null: it has the placeholder, or a subject has no words or those of another.</summary>
    public string? Problem()
    {
        if (Caption.Contains(PlaceholderTokens.Image, StringComparison.Ordinal))
        {
            return $"the caption has \"{PlaceholderTokens.Image}\", which the training puts there itself; leave it out.";
        }

        var last = 0;
        foreach (var segment in Segments.OrderBy(segment => segment.End))
        {
            if (segment.End > Caption.Length || string.IsNullOrWhiteSpace(Caption[last..segment.End]))
            {
                return segment.End > Caption.Length || last == 0
                    ? $"the words of subject {segment.Label} end where the caption \"{Caption}\" has none; give the character behind them."
                    : $"two subjects, one of them {segment.Label}, have the same words of \"{Caption}\", and one would be lost; give each its own, or "
                        + "leave it out.";
            }

            last = segment.End;
        }

        return null;
    }

    private static LabelFolderBody Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(TextFile.Read(path, Longest, "a caption"), LabelFolderContext.Default.LabelFolderBody)
                ?? throw new InvalidDataSetException(path, "is null; it must be an object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataSetException(path, $"{JsonProblem.Of(e, "an object")}; numbers are whole ones.", e);
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(path, $"{FileProblem.Of(path, e)} Every id has a picture, a .json and a .npy.", e);
        }
    }

    private static PixelBox Place(List<int>? numbers, string path, string field) =>
        Required(numbers, path, field, "give a box around it") is [>= 0 and var left, >= 0 and var top, var right, var bottom] && left < right && top < bottom
            ? new(left, top, right, bottom)
            : throw new InvalidDataSetException(path, $"{field} [{string.Join(", ", numbers!)}] is no box; write [left, top, right, bottom] in pixels.");

    // Python counts code points.
    private static int CharactersOf(string text, int points)
    {
        var at = 0;
        for (; points > 0 && at < text.Length; points--)
        {
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        }

        return points > 0 ? int.MaxValue : at;
    }

    private static T Required<T>(T? value, string path, string field, string cure)
        where T : class => value ?? throw Missing(path, field, cure);

    private static int Required(int? value, string path, string field, string cure) => value ?? throw Missing(path, field, cure);

    private static InvalidDataSetException Missing(string path, string field, string cure) => new(path, $"{field} is missing; {cure}.");
}
