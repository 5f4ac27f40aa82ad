using System.Text.Json.Nodes;
using Dramatis.Pictures;

namespace Dramatis.Training.Preparation;

/// <summary>One line of a data set as it is written.</summary>
/// <param name="Image">The picture to learn to paint, relative to the data set's folder.</param>
/// <param name="Reference">The picture that shows the subjects.</param>
internal sealed record PreparedRecord(string Text, string Image, string Reference, IReadOnlyList<PreparedSubject> Subjects)
{
    public JsonObject ToJson() => new()
    {
        ["text"] = Text,
        ["image_file"] = Image,
        ["image_phrases"] = List(subject => subject.Phrase),
        ["image_boxes"] = List(subject => Numbers(subject.Place)),
        ["reference_image_files"] = List(_ => Reference),
        ["reference_image_boxes"] = List(subject => Numbers(subject.Crop)),
        ["reference_image_masks"] = List(subject => subject.Mask),
    };

    private static JsonArray Numbers(PixelBox box) => [box.Left, box.Top, box.Right, box.Bottom];

    private JsonArray List(Func<PreparedSubject, JsonNode> of) => [.. Subjects.Select(of)];
}

/// <summary>A subject of a line.</summary>
/// <param name="Place">In the picture.</param>
/// <param name="Crop">In the reference.</param>
/// <param name="Mask">A picture of the reference's size, relative to the data set's folder.</param>
internal sealed record PreparedSubject(string Phrase, PixelBox Place, PixelBox Crop, string Mask);
