namespace Dramatis.Errors;

/// <summary>Why a file cannot be read, in words that name it once and say what to do.</summary>
internal static class FileProblem
{
    /// <param name="error">What reading it threw.</param>
    public static string Of(string path, Exception error) => error switch
    {
        _ when Directory.Exists(path) => "is a folder, where a file is wanted; name the file in it.",
        FileNotFoundException or DirectoryNotFoundException => "there is no such file; check the path.",
        UnauthorizedAccessException => "cannot be read; you have no permission to.",
        _ => $"cannot be read ({error.Message.TrimEnd('.')}).",
    };
}
