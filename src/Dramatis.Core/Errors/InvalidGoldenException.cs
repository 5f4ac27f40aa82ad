namespace Dramatis.Errors;

/// <summary>Golden data cannot be used: a folder without cases, or a <c>fixture.json</c> that says less than it must.</summary>
/// <param name="path">The folder or file.</param>
/// <param name="problem">What is wrong and what to do.</param>
public sealed class InvalidGoldenException(string path, string problem, Exception? inner = null)
    : DramatisException($"{path}: {problem}", inner)
{
    /// <summary>The file of stored results.</summary>
    public string Path { get; } = path;
}
