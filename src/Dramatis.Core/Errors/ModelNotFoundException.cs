namespace Dramatis.Errors;

/// <summary>A model, or a file that belongs to it, is not where it was looked for.</summary>
/// <param name="path">The folder or file.</param>
/// <param name="problem">What is missing and what to do.</param>
public sealed class ModelNotFoundException(string path, string problem) : DramatisException($"{path}: {problem}")
{
    /// <summary>The path or name that was asked for.</summary>
    public string Path { get; } = path;
}
