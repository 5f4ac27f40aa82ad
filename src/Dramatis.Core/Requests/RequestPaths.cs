namespace Dramatis.Requests;

/// <summary>Files as a request's JSON names them: relative to a folder, or inside it as data URIs.</summary>
internal static class RequestPaths
{
    private const string InlineStart = "data:";
    private const string InlineMark = ";base64,";
    private const string Here = "./";

    /// <summary>What is said of a picture that is not there.</summary>
    public const string NoPicture = "is empty; name a picture file.";

    /// <exception cref="RefusedValueException">The text is empty, or a data URI that is none.</exception>
    public static Reference ToPicture(string text, string folder)
    {
        if (text.Length == 0)
        {
            throw new RefusedValueException(NoPicture);
        }

        if (!text.StartsWith(InlineStart, StringComparison.Ordinal))
        {
            return Reference.FromFile(Path.Combine(folder, text));
        }

        var mark = text.IndexOf(InlineMark, StringComparison.Ordinal);
        try
        {
            return mark < 0
                ? throw new FormatException()
                : Reference.FromBytes(Convert.FromBase64String(text[(mark + InlineMark.Length)..]));
        }
        catch (FormatException)
        {
            throw new RefusedValueException("is no data URI; write data:image/png;base64, and the bytes in base 64.");
        }
    }

    /// <exception cref="RefusedValueException">The text is empty.</exception>
    public static string ToFile(string text, string folder) =>
        text.Length > 0 ? Path.Combine(folder, text) : throw new RefusedValueException("is empty; give a path, or leave it out.");

    public static string FromPicture(Reference picture, string? folder) => picture.Bytes is { } bytes
        ? $"data:application/octet-stream{InlineMark}{Convert.ToBase64String(bytes)}"
        : FromFile(picture.Path!, folder);

    public static string FromFile(string path, string? folder) =>
        folder is null ? path : Path.GetRelativePath(folder, path).Replace('\\', '/');

    /// <summary>A model without a slash is a name of the catalogue, and stays as it is.</summary>
    public static string ToModel(string model, string folder) =>
        !IsPath(model) ? model : Path.Combine(folder, model.StartsWith(Here, StringComparison.Ordinal) ? model[Here.Length..] : model);

    public static string FromModel(string model, string? folder)
    {
        var path = IsPath(model) ? FromFile(model, folder) : model;
        return IsPath(model) && !IsPath(path) ? Here + path : path;
    }

    private static bool IsPath(string model) => model.Contains('/', StringComparison.Ordinal) || model.Contains('\\', StringComparison.Ordinal);
}
