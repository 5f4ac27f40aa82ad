namespace Dramatis.Errors;

/// <summary>The libtorch that is to be used cannot be.</summary>
/// <param name="folder">Where it should be.</param>
/// <param name="problem">Why it cannot, and what to do.</param>
public sealed class LibtorchUnusableException(string folder, string problem, Exception? inner = null) : DramatisException($"{folder}: {problem}", inner)
{
    /// <summary>Where it should be.</summary>
    public string Folder { get; } = folder;
}
