namespace Dramatis.Errors;

/// <summary>A file could not be written; what stood there before still stands.</summary>
/// <param name="path">The file that was to be written.</param>
/// <param name="problem">Why, and what to do.</param>
/// <param name="inner">The error of the file system.</param>
public sealed class OutputNotWrittenException(string path, string problem, Exception? inner = null)
    : DramatisException($"cannot write {path}: {problem}", inner)
{
    internal OutputNotWrittenException(string path, Exception inner)
        : this(path, Advice(inner), inner)
    {
    }

    /// <summary>The file or folder that could not be written.</summary>
    public string Path { get; } = path;

    internal static string Advice(Exception inner) => $"{inner.Message} Choose another folder or mend this one.";
}
