namespace Dramatis.Errors;

/// <summary>A data set for training or benching is missing, damaged, or not what is needed.</summary>
/// <param name="path">The file or folder.</param>
/// <param name="problem">What is wrong with it and what to do.</param>
/// <param name="inner">The error of the outside world behind it, if any.</param>
public sealed class InvalidDataSetException(string path, string problem, Exception? inner = null)
    : DramatisException($"{path}: {problem}", inner)
{
    /// <summary>The file or folder of the data set, as it was given.</summary>
    public string Path { get; } = path;
}
