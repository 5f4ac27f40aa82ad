using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Training.Preparation;

/// <summary>What becomes one record: a picture, or two frames of a clip.</summary>
/// <param name="Name">Its own, by its files' paths in the folder.</param>
/// <param name="Picture">The picture to learn to paint.</param>
/// <param name="Reference">An earlier frame, which shows the subjects; null where the picture itself does.</param>
/// <param name="Captions">Text files; the first that is there says what the picture shows.</param>
public sealed record PreparationItem(string Name, string Picture, string? Reference, IReadOnlyList<string> Captions)
{
    private const string CaptionEnding = ".txt";

    /// <summary>
    /// All items of a folder, in order. A sub-folder <c>NAME</c> beside a <c>NAME.txt</c> is a clip, its pictures are frames; others are looked
    /// through in the same way.
    /// </summary>
    /// <param name="pairs">Pairs of frames that are taken from a clip, at equal distances; a clip of one frame is a picture.</param>
    /// <param name="except">A folder that is not looked into.</param>
    /// <exception cref="InvalidDataSetException">There is no such folder, or no picture in it.</exception>
    public static IReadOnlyList<PreparationItem> Find(string folder, int pairs, string? except = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            var items = In(folder, folder).ToArray();
            return items.Length > 0 ? items : throw new InvalidDataSetException(
                folder, $"has no pictures ({string.Join(", ", PictureFormats.Endings)}); each needs its caption beside it, NAME{CaptionEnding}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException(folder, $"{FileProblem.OfFolder(folder, e)} Give a folder of pictures with captions beside them.", e);
        }

        IEnumerable<PreparationItem> In(string root, string folder) =>
        [
            .. Pictures(folder).Select(picture => new PreparationItem(Relative(root, picture), picture, null, [CaptionOf(picture)])),
            .. VisibleFiles.FoldersIn(folder)
                .Where(inner => except is null || Path.GetFullPath(inner) != Path.GetFullPath(except))
                .Order(StringComparer.Ordinal)
                .SelectMany(inner => File.Exists(inner + CaptionEnding) ? OfClip(root, inner, pairs) : In(root, inner)),
        ];
    }

    private static IEnumerable<PreparationItem> OfClip(string root, string clip, int pairs)
    {
        var frames = Pictures(clip);
        var count = Math.Min(pairs, frames.Length - 1);
        for (var i = 0; i < count; i++)
        {
            var (reference, picture) = (At(i), At(i + 1));
            yield return new($"{Relative(root, reference)}+{Path.GetFileName(picture)}", picture, reference, [CaptionOf(picture), clip + CaptionEnding]);
        }

        if (frames.Length == 1)
        {
            yield return new(Relative(root, frames[0]), frames[0], null, [CaptionOf(frames[0]), clip + CaptionEnding]);
        }

        string At(int i) => frames[i * (frames.Length - 1) / count];
    }

    private static string[] Pictures(string folder) =>
        [.. VisibleFiles.In(folder).Where(PictureFormats.IsPicture).Order(StringComparer.Ordinal)];

    private static string CaptionOf(string picture) => Path.ChangeExtension(picture, CaptionEnding);

    private static string Relative(string root, string path) => Path.GetRelativePath(root, path).Replace('\\', '/');
}
