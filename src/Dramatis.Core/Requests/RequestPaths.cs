namespace Dramatis.Requests;

/// <summary>Files as a request's JSON names them: relative to a folder, or inside it as data URIs.</summary>
internal sealed class RequestPaths
{
    private const string InlineStart = "data:";
    private const string InlineMark = ";base64,";
    private const string Here = "./";

    /// <summary>What is said of a picture that is not there.</summary>
    public const string NoPicture = "is empty; name a picture file.";

    private readonly string? folder;
    private readonly RequestFiles? files;

    /// <param name="folder">What paths are relative to; null writes them as they are.</param>
    public RequestPaths(string? folder) => this.folder = folder;

    /// <param name="files">What may be named at all.</param>
    public RequestPaths(RequestFiles files) => this.files = files;

    /// <exception cref="RefusedValueException">The text is empty, a data URI that is none, or names what it may not.</exception>
    public Reference ToPicture(string text)
    {
        if (text.Length == 0)
        {
            throw new RefusedValueException(files is null ? NoPicture : "is empty; give a picture.");
        }

        if (!text.StartsWith(InlineStart, StringComparison.Ordinal))
        {
            return Reference.FromFile(Find(text));
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

    /// <param name="part">Of the value, where it is a list.</param>
    /// <exception cref="RefusedValueException">The text is empty, or names what it may not.</exception>
    public string ToFile(string text, string part = "") => text.Length > 0
        ? Find(text, part)
        : throw new RefusedValueException("is empty; give a path, or leave it out.");

    /// <summary>A file that names files in turn.</summary>
    /// <exception cref="RefusedValueException">The text is empty, or comes from a stranger.</exception>
    public string ToListing(string text) => files is null ? ToFile(text) : throw new RefusedValueException(
        "cannot be given here, since it names files in turn; give the subjects their learned files and places.");

    /// <summary>A model without a slash is a name of the catalogue, and stays as it is.</summary>
    /// <exception cref="RefusedValueException">The text names what it may not.</exception>
    public string ToModel(string model) =>
        files is not null ? files.LocateModel(model) ?? throw new RefusedValueException($"\"{model}\" names no model that may be used here.")
        : !IsPath(model) ? model
        : Path.Combine(folder!, model.StartsWith(Here, StringComparison.Ordinal) ? model[Here.Length..] : model);

    public string FromPicture(Reference picture) => picture.Bytes is { } bytes
        ? $"data:application/octet-stream{InlineMark}{Convert.ToBase64String(bytes)}"
        : FromFile(picture.Path!);

    public string FromFile(string path) => folder is null ? path : Path.GetRelativePath(folder, path).Replace('\\', '/');

    public string FromModel(string model)
    {
        var path = IsPath(model) ? FromFile(model) : model;
        return IsPath(model) && !IsPath(path) ? Here + path : path;
    }

    private string Find(string text, string part = "") => files is null ? Path.Combine(folder!, text) : files.Locate(text) ?? throw new RefusedValueException(
        $"\"{text}\" names no file that may be used here; pictures may lie inside: data:image/png;base64, and the bytes in base 64.", part);

    private static bool IsPath(string model) => model.Contains('/', StringComparison.Ordinal) || model.Contains('\\', StringComparison.Ordinal);
}
