using Dramatis.Errors;

namespace Dramatis.Pictures;

/// <summary>What picture files are written as.</summary>
public enum PictureFormat
{
    /// <summary>Without loss, with alpha.</summary>
    Png,

    /// <summary>Small, with a little loss, without alpha.</summary>
    Jpeg,

    /// <summary>Without loss, with alpha, smaller than PNG.</summary>
    Webp,
}

/// <summary>The endings of picture files.</summary>
public static class PictureFormats
{
    private static readonly (string Ending, PictureFormat Format)[] Known =
        [(".png", PictureFormat.Png), (".jpg", PictureFormat.Jpeg), (".jpeg", PictureFormat.Jpeg), (".webp", PictureFormat.Webp)];

    /// <summary>The endings that picture files have, each with its dot.</summary>
    public static IReadOnlyList<string> Endings { get; } = [.. Known.Select(item => item.Ending)];

    /// <summary>What a file's ending says, in capitals or not.</summary>
    /// <exception cref="OutputNotWrittenException">It says nothing that pictures are written as.</exception>
    public static PictureFormat OfPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Array.Find(Known, item => item.Ending.Equals(Path.GetExtension(path), StringComparison.OrdinalIgnoreCase)) is { Ending: not null } found
            ? found.Format
            : throw new OutputNotWrittenException(
            path, $"its ending says no format that pictures are written in; end the name in {string.Join(", ", Endings.SkipLast(1))} or {Endings[^1]}.");
    }

    /// <summary>Whether a file's ending is that of a picture.</summary>
    internal static bool IsPicture(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
