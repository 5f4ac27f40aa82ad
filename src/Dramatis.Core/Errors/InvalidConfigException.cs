namespace Dramatis.Errors;

/// <summary>A model's settings file cannot be used: no JSON, a field missing or of the wrong kind, a value we cannot build.</summary>
/// <param name="path">The file.</param>
/// <param name="problem">The field, its value, and what would do.</param>
public sealed class InvalidConfigException(string path, string problem, Exception? inner = null)
    : DramatisException($"{path}: {problem}", inner)
{
    /// <summary>The file of settings, as it was given.</summary>
    public string Path { get; } = path;
}
