namespace Dramatis.Errors;

/// <summary>A file or a block of bytes is not a picture that can be read within the limits.</summary>
/// <param name="name">The file, or what the bytes are called in a request.</param>
/// <param name="problem">Why, and how to mend it.</param>
public sealed class UnreadablePictureException(string name, string problem, Exception? inner = null)
    : DramatisException($"{name}: {problem}", inner)
{
    /// <summary>The file, or the field of the request for pictures without one.</summary>
    public string Name { get; } = name;

    /// <summary>Why it cannot be read.</summary>
    public string Problem { get; } = problem;
}
