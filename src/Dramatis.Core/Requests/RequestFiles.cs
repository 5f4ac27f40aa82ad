namespace Dramatis.Requests;

/// <summary>What the JSON of a request may name where it comes from strangers, as a server's does. Immutable.</summary>
/// <remarks>
/// Pictures that lie inside the JSON are read always. A layout file is refused always: it names files in turn, which nobody looked at.
/// </remarks>
public sealed record RequestFiles
{
    /// <summary>No file and no model: pictures lie inside the JSON, as data URIs.</summary>
    public static RequestFiles None { get; } = new();

    /// <summary>The path of a picture or of a learned file by the text that stands in the JSON; null refuses it.</summary>
    public Func<string, string?> Locate { get; init; } = _ => null;

    /// <summary>The path, or the generator's own name, of a model or a ControlNet by the text that stands in the JSON; null refuses it.</summary>
    public Func<string, string?> LocateModel { get; init; } = _ => null;

    /// <summary>What lies in a folder or below it, by its path there. No other path reaches out of it, and no link is followed.</summary>
    public static RequestFiles Inside(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var root = Path.GetFullPath(folder);
        return new() { Locate = text => Find(root, text), LocateModel = text => Find(root, text) };
    }

    private static string? Find(string root, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var path = Path.GetFullPath(text, root);
        var steps = Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar);
        return steps[0] == ".." || Path.IsPathRooted(Path.GetRelativePath(root, path)) || HasLink(root, steps) ? null : path;
    }

    private static bool HasLink(string root, IEnumerable<string> steps)
    {
        var path = root;
        return steps.Any(step => new FileInfo(path = Path.Combine(path, step)).LinkTarget is not null);
    }
}
