using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Training.FastComposer;

/// <summary>
/// A data set as the published one is laid out: a list of ids, and for each the picture, its caption with segments, and a label map,
/// in a folder that has the first five digits for its name. Everything but pixels is checked before the first is used.
/// </summary>
internal sealed class LabelFolder : ILabelledPictures
{
    /// <summary>What the published training takes for subjects.</summary>
    public const string Person = "person";

    private const string Train = "train";
    private const int FolderDigits = 5;
    private const string Layout = "a data set is a folder with this list, one id a line, and <first five digits>/<id>.jpg, .json and .npy";

    private readonly IReadOnlyList<(string Path, CaptionSegments Text)> items;

    private LabelFolder(IReadOnlyList<(string Path, CaptionSegments Text)> items) => this.items = items;

    public int Count => items.Count;

    /// <summary>A list of ids.</summary>
    /// <param name="split"><c>train</c>, <c>test</c>, or null for all pictures.</param>
    public static string ListIn(string folder, string? split = Train) => Path.Combine(folder, split is null ? "image_ids.txt" : $"image_ids_{split}.txt");

    /// <summary>What belongs to an id, without an ending.</summary>
    public static string PathOf(string folder, string id) => Path.Combine(folder, id[..Math.Min(FolderDigits, id.Length)], id);

    /// <param name="split">Which list.</param>
    /// <param name="kinds">What subjects may be; others do not count. All when null.</param>
    /// <exception cref="InvalidDataSetException">A file is missing or malformed, or what it says cannot be trained on.</exception>
    public static LabelFolder Load(string folder, string? split = Train, IReadOnlyCollection<string>? kinds = null)
    {
        return new([.. Ids(ListIn(folder, split)).Select(id => PathOf(folder, id)).Select(path => (path, Text(path)))]);

        CaptionSegments Text(string path)
        {
            foreach (var file in new[] { PicturePath(path), LabelsPath(path) }.Where(file => !File.Exists(file)))
            {
                throw new InvalidDataSetException(file, "there is no such file; every id of the list has a .jpg, a .json and a .npy.");
            }

            return CaptionSegments.Read(TextPath(path), kinds);
        }
    }

    /// <exception cref="InvalidDataSetException">The label map is damaged, or does not fit its picture and segments.</exception>
    /// <exception cref="UnreadablePictureException">The picture is damaged.</exception>
    public LabelledPicture Read(int index)
    {
        var (path, text) = items[index];
        var picture = PictureReader.Read(PicturePath(path));
        var labels = NpyFile.Read(LabelsPath(path));
        if (labels.Size != picture.Size)
        {
            throw new InvalidDataSetException(LabelsPath(path), $"has {labels.Size} labels and its picture {picture.Size} pixels; make one for each pixel.");
        }

        foreach (var segment in text.Segments)
        {
            Check(segment, labels, path);
        }

        return new(picture, labels, text.Caption, text.Segments);
    }

    private static void Check(PictureSegment segment, LabelMap labels, string path)
    {
        var place = segment.Place;
        if (place.Right > labels.Size.Width || place.Bottom > labels.Size.Height)
        {
            throw new InvalidDataSetException(
                TextPath(path),
                $"the bbox of subject {segment.Label} [{place.Left}, {place.Top}, {place.Right}, {place.Bottom}] is not inside its picture of {labels.Size} "
                    + "pixels; write [left, top, right, bottom].");
        }

        if (!labels.Has(segment.Label, place))
        {
            throw new InvalidDataSetException(
                LabelsPath(path), $"has no pixel of subject {segment.Label} in its box; draw its mask, or take it out of the .json.");
        }
    }

    private static string[] Ids(string list)
    {
        try
        {
            var lines = TextFile.ReadLines(list).Index().Where(line => !string.IsNullOrWhiteSpace(line.Item));
            string[] ids = [.. lines.Select(line => Id(line.Item.Trim(), line.Index + 1))];
            return ids.Length > 0 ? ids : throw new InvalidDataSetException(list, $"has no ids; {Layout}.");
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(list, $"{FileProblem.Of(list, e)[..^1]}; {Layout}.", e);
        }

        string Id(string id, int line) => id.All(char.IsAsciiDigit)
            ? id
            : throw new InvalidDataSetException(list, $"line {line}: \"{id}\" is no whole number; ids are digits alone.");
    }

    public static string PicturePath(string path) => path + ".jpg";

    public static string LabelsPath(string path) => path + ".npy";

    public static string TextPath(string path) => path + ".json";
}
