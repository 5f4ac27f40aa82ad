using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Training.Subjects;

/// <summary>One picture of a subject.</summary>
/// <param name="Path">For messages.</param>
/// <param name="Picture">Opaque.</param>
/// <param name="Mask">Bright where the subject is, of the picture's size; null when nobody says.</param>
internal sealed record SubjectPicture(string Path, Picture Picture, Picture? Mask = null);

/// <summary>The pictures that a subject is learned from: all PNG, JPEG and WebP files of a folder.</summary>
/// <remarks>A mask lies beside its picture: <c>tom.mask.png</c> belongs to <c>tom.jpg</c>. Without one, a picture's alpha is its mask.</remarks>
internal static class SubjectFolder
{
    /// <summary>Fewer pictures show one view of a subject rather than the subject.</summary>
    public const int FewestPictures = 3;

    private const string MaskMark = ".mask";

    private static readonly Rgb Ground = new(128, 128, 128);

    /// <summary>Reads all pictures, by name.</summary>
    /// <exception cref="InvalidDataSetException">The folder is missing or has too few pictures, or a mask is of another size or shows nothing.</exception>
    /// <exception cref="UnreadablePictureException">A picture cannot be read.</exception>
    public static IReadOnlyList<SubjectPicture> Read(string folder, int fewest = FewestPictures)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataSetException(folder, $"there is no such folder; give one with at least {fewest} pictures of the subject.");
        }

        var files = VisibleFiles.In(folder)
            .Where(PictureFormats.IsPicture)
            .Order(StringComparer.Ordinal)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file).EndsWith(MaskMark, StringComparison.OrdinalIgnoreCase));
        var masks = files[true].ToDictionary(file => Path.GetFileNameWithoutExtension(file)[..^MaskMark.Length], StringComparer.OrdinalIgnoreCase);
        IReadOnlyList<SubjectPicture> pictures =
        [
            .. files[false].Select(file => ReadOne(file, masks.GetValueOrDefault(Path.GetFileNameWithoutExtension(file)))),
        ];
        return pictures.Count >= fewest
            ? pictures
            : throw new InvalidDataSetException(
                folder, $"{Counted(pictures.Count)}, too few to learn from; put at least {fewest} of the subject there.");
    }

    /// <summary>Reads the pictures of a subject: files, and all of folders.</summary>
    /// <param name="field">Of the subject, for messages.</param>
    /// <exception cref="InvalidRequestException">There are too few, or a folder has a mask.</exception>
    /// <inheritdoc cref="Read(string, int)" path="/exception"/>
    internal static IReadOnlyList<SubjectPicture> Read(LearnSubject subject, string field)
    {
        // What is not there is taken for a folder: that is how subjects are mostly given.
        if (subject is { ReferenceMasks: [], References: [{ Path: { } only }] } && !File.Exists(only))
        {
            return Read(only);
        }

        IReadOnlyList<SubjectPicture> pictures =
        [
            .. subject.References.SelectMany((reference, i) => reference.Path is { } folder && Directory.Exists(folder)
                ? subject.ReferenceMasks.Count == 0 ? Read(folder, fewest: 1) : throw new InvalidRequestException(
                    $"{field}.references[{i}]", $"{folder} is a folder, whose masks lie beside its pictures; leave out reference_masks, or name picture files.")
                : [ReadOne(reference, $"{field}.references[{i}]", subject.ReferenceMasks.ElementAtOrDefault(i), $"{field}.reference_masks[{i}]")]),
        ];
        return pictures.Count >= FewestPictures
            ? pictures
            : throw new InvalidRequestException(
                $"{field}.references", $"{Counted(pictures.Count)}, too few to learn from; give at least {FewestPictures} of the subject.");
    }

    private static string Counted(int pictures) => $"has {pictures} {(pictures == 1 ? "picture" : "pictures")}";

    private static SubjectPicture ReadOne(string file, string? maskFile) =>
        ReadOne(Reference.FromFile(file), file, maskFile is null ? null : Reference.FromFile(maskFile), maskFile ?? file);

    private static SubjectPicture ReadOne(Reference reference, string name, Reference? maskReference, string maskName)
    {
        var picture = reference.Read(name);
        var file = reference.Path ?? name;
        var maskFile = maskReference is null ? null : maskReference.Path ?? maskName;
        var mask = maskReference is not null ? maskReference.Read(maskName).Over(new Rgb(0, 0, 0)) : picture.HasAlpha ? Alpha(picture) : null;
        return mask is null ? new(file, picture.Over(Ground))
            : mask.Size != picture.Size
                ? throw new InvalidDataSetException(maskFile!, $"is {mask.Size}, but its picture is {picture.Size}; make them of one size.")
            : mask.ToRgb().All(value => value < 128)
                ? throw new InvalidDataSetException(maskFile ?? file,
                    "shows nothing: no pixel of the mask is bright. Paint the subject white, or remove the mask.")
            : new(file, picture.Over(Ground), mask);
    }

    private static Picture Alpha(Picture picture)
    {
        var mask = new Picture(picture.Width, picture.Height);
        for (var i = 0; i < mask.Rgba.Length; i++)
        {
            mask.Rgba[i] = i % 4 == 3 ? (byte)255 : picture.Rgba[i - (i % 4) + 3];
        }

        return mask;
    }
}
