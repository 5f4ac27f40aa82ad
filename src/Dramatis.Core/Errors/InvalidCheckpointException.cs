namespace Dramatis.Errors;

/// <summary>A weights file is damaged, hostile, or not what its name says.</summary>
/// <param name="path">The file.</param>
/// <param name="problem">What is wrong with it and what to do.</param>
/// <param name="inner">The error of the outside world behind it, if any.</param>
public sealed class InvalidCheckpointException(string path, string problem, Exception? inner = null)
    : DramatisException($"{path}: {problem}", inner)
{
    internal InvalidCheckpointException(string path, Exception unreadable)
        : this(path, FileProblem.Of(path, unreadable), unreadable)
    {
    }

    /// <summary>The file of weights, as it was given.</summary>
    public string Path { get; } = path;
}
