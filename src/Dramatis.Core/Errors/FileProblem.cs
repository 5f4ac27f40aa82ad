using System.Text;
using System.Text.Json;

namespace Dramatis.Errors;

/// <summary>Why a file cannot be read, in words that name it once and say what to do.</summary>
internal static class FileProblem
{
    /// <summary>Whether an error is one that reading a file of text or JSON throws.</summary>
    public static bool Is(Exception error) =>
        error is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException or JsonException;

    /// <param name="error">What reading it threw.</param>
    public static string Of(string path, Exception error) => error switch
    {
        JsonException json => $"{JsonProblem.Of(json)}.",
        InvalidDataException => error.Message,
        DecoderFallbackException => "is not UTF-8 text; save it as UTF-8.",
        _ when Directory.Exists(path) => "is a folder, where a file is wanted; name the file in it.",
        FileNotFoundException or DirectoryNotFoundException => NotThere(path, "there is no such file; check the path."),
        UnauthorizedAccessException => "cannot be read; you have no permission to.",
        EndOfStreamException => "ends early; copy or make it again.",
        _ => $"cannot be read ({error.Message.TrimEnd('.')}).",
    };

    /// <summary>What is said of a path with nothing there: an address of the web is none.</summary>
    /// <param name="usual">For all other paths.</param>
    public static string NotThere(string path, string usual) =>
        path.Contains("http://", StringComparison.OrdinalIgnoreCase) || path.Contains("https://", StringComparison.OrdinalIgnoreCase)
            ? "is an address of the web, from which nothing is fetched; download it and give the file."
            : usual;

    /// <summary>The same of a folder that is looked through.</summary>
    public static string OfFolder(string path, Exception error) => error switch
    {
        _ when File.Exists(path) => "is a file, where a folder is wanted.",
        DirectoryNotFoundException => "there is no such folder; check the path.",
        UnauthorizedAccessException => "cannot be read; you have no permission to.",
        _ => $"cannot be read ({error.Message.TrimEnd('.')}).",
    };
}
