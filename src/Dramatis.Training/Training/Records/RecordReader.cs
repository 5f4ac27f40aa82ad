using System.Globalization;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Training.Records;

/// <summary>Reads one line of a data set and checks all that it says, the pictures that it names among it.</summary>
/// <param name="folder">What paths are relative to.</param>
/// <param name="mostSubjects">Subjects beyond which a record is refused.</param>
/// <param name="needsSubjects">Whether a record without subjects is refused.</param>
internal sealed class RecordReader(string folder, int mostSubjects, bool needsSubjects)
{
    /// <exception cref="RecordException">The record cannot be used.</exception>
    public TrainingRecord Read(string json, int line)
    {
        var body = Parse(json);
        var image = Required(body.ImageFile, "image_file", "name the picture");
        var boxes = body.ImageBoxes ?? None<List<double>>("image_boxes", "give a box for each subject");
        var phrases = body.ImagePhrases ?? None<string>("image_phrases", "give the words of each subject");
        var references = body.ReferenceImageFiles ?? [.. boxes.Select(_ => image)];
        var crops = body.ReferenceImageBoxes ?? (body.ReferenceImageFiles is null ? boxes : null);
        var masks = body.ReferenceImageMasks ?? [.. boxes.Select(_ => (string?)null)];
        CheckCounts(
            boxes.Count,
            ("image_phrases", phrases.Count),
            ("reference_image_files", references.Count),
            ("reference_image_boxes", Required(crops, "reference_image_boxes", "give a box in each reference").Count),
            ("reference_image_masks", masks.Count));

        var picture = Size(image, "image_file");
        return new()
        {
            Line = line,
            Text = Required(body.Text, "text", "give the caption, or \"\""),
            Image = PathOf(image),
            Subjects =
            [
                .. Enumerable.Range(0, boxes.Count).Select(i => Subject(body, i, picture, phrases[i], references[i], crops![i], masks[i])),
            ],
        };
    }

    private static RecordBody Parse(string json)
    {
        try
        {
            var body = JsonSerializer.Deserialize(json, RecordContext.Default.RecordBody) ?? throw new RecordException("is null; it must be an object.");
            return body.Others is { Count: > 0 } others ? throw new RecordException($"\"{others.Keys.First()}\" is unknown.")
                : body.BoxUnits is not (null or RecordBody.Pixels or RecordBody.Fractions)
                    ? throw new RecordException($"box_units is \"{body.BoxUnits}\"; write \"{RecordBody.Pixels}\" or \"{RecordBody.Fractions}\".")
                    : body;
        }
        catch (JsonException e)
        {
            throw new RecordException($"{JsonProblem.Of(e, "a JSON object")}.");
        }
    }

    private void CheckCounts(int subjects, params ReadOnlySpan<(string Field, int Count)> fields)
    {
        var fewest = needsSubjects ? 1 : 0;
        if (subjects < fewest || subjects > mostSubjects)
        {
            throw new RecordException($"has {subjects} subjects; the training takes {fewest} to {mostSubjects}.");
        }

        foreach (var (field, count) in fields)
        {
            if (count != subjects)
            {
                throw new RecordException($"{field} has {count} entries for {subjects} boxes.");
            }
        }
    }

    private RecordSubject Subject(
        RecordBody body, int i, (int Width, int Height) picture, string phrase, string reference, List<double> crop, string? mask)
    {
        var size = Required(reference, $"reference_image_files[{i}]", "name the picture") == body.ImageFile ? picture : Size(reference, $"reference_image_files[{i}]");
        if (string.IsNullOrWhiteSpace(phrase))
        {
            throw new RecordException($"image_phrases[{i}] is empty.");
        }

        if (mask is not null && Size(mask, $"reference_image_masks[{i}]") is var found && found != size)
        {
            throw new RecordException($"reference_image_masks[{i}] is {found.Width}x{found.Height}, its reference {size.Width}x{size.Height}.");
        }

        var inFractions = body.BoxUnits == RecordBody.Fractions;
        var place = Box(body.ImageBoxes![i], $"image_boxes[{i}]", picture, inFractions);
        var part = Box(crop, $"reference_image_boxes[{i}]", size, inFractions);
        var whole = new PixelBox(Round(part.Left), Round(part.Top), Round(part.Right), Round(part.Bottom));
        return whole is { Width: > 0, Height: > 0 }
            ? new(phrase, place, PathOf(reference), whole, mask is null ? null : PathOf(mask))
            : throw new RecordException($"reference_image_boxes[{i}] holds no whole pixel.");
    }

    private static PixelRegion Box(List<double> numbers, string field, (int Width, int Height) picture, bool inFractions)
    {
        if (numbers is not [var left, var top, var right, var bottom])
        {
            throw new RecordException($"{field} has {numbers?.Count ?? 0} numbers; write [left, top, right, bottom].");
        }

        var (x, y) = inFractions ? (picture.Width, picture.Height) : (1, 1);
        var box = new PixelRegion(left * x, top * y, right * x, bottom * y);
        return !(box.Left < box.Right && box.Top < box.Bottom)
            ? throw new RecordException($"{field} is empty; right must be more than left and bottom more than top.")
            : box is { Left: >= 0, Top: >= 0 } && box.Right <= picture.Width && box.Bottom <= picture.Height
                ? box
                : throw new RecordException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{field} [{left}, {top}, {right}, {bottom}] is not inside its picture of {picture.Width}x{picture.Height} "
                        + $"pixels{(inFractions ? "" : "; fractions need \"box_units\": \"fractions\"")}."));
    }

    // As Python rounds: halves to the even side.
    private static int Round(double x) => (int)Math.Round(x, MidpointRounding.ToEven);

    private (int Width, int Height) Size(string path, string field)
    {
        try
        {
            var picture = PictureReader.Read(PathOf(path));
            return (picture.Width, picture.Height);
        }
        catch (UnreadablePictureException e)
        {
            throw new RecordException($"{field}: {e.Message}");
        }
    }

    private string PathOf(string path) => Path.Combine(folder, path);

    private List<T> None<T>(string field, string cure) => needsSubjects ? Required<List<T>>(null, field, cure) : [];

    private static T Required<T>(T? value, string field, string cure)
        where T : class => value ?? throw new RecordException($"{field} is missing; {cure}.");
}

/// <summary>Why one record cannot be used.</summary>
internal sealed class RecordException(string problem) : DramatisException(problem);
