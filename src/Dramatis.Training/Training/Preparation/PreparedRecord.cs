using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Training.Preparation;

/// <summary>One line of a data set as it is written.</summary>
/// <param name="Image">The picture to learn to paint, relative to the data set's folder.</param>
/// <param name="Reference">The picture that shows the subjects.</param>
internal sealed record PreparedRecord(string Text, string Image, string Reference, IReadOnlyList<PreparedSubject> Subjects)
{
    public JsonObject ToJson()
    {
        var body = new RecordBody
        {
            Text = Text,
            ImageFile = Image,
            ImagePhrases = [.. Subjects.Select(subject => subject.Phrase)],
            ImageBoxes = [.. Subjects.Select(subject => Numbers(subject.Place))],
            ReferenceImageFiles = [.. Subjects.Select(_ => Reference)],
            ReferenceImageBoxes = [.. Subjects.Select(subject => Numbers(subject.Crop))],
            ReferenceImageMasks = [.. Subjects.Select(subject => subject.Mask)],
        };
        return JsonSerializer.SerializeToNode(body, RecordContext.Default.RecordBody)!.AsObject();
    }

    private static List<double> Numbers(PixelBox box) => [box.Left, box.Top, box.Right, box.Bottom];
}

/// <summary>A subject of a line.</summary>
/// <param name="Place">In the picture.</param>
/// <param name="Crop">In the reference.</param>
/// <param name="Mask">A picture of the reference's size, relative to the data set's folder.</param>
internal sealed record PreparedSubject(string Phrase, PixelBox Place, PixelBox Crop, string Mask);
