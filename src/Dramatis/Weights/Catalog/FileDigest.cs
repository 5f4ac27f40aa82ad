using System.Security.Cryptography;
using System.Text;
using Dramatis.Errors;

namespace Dramatis.Weights.Catalog;

/// <summary>Size and SHA-256 of a file, or of all files of a folder.</summary>
/// <param name="Bytes">Of all files together.</param>
/// <param name="Sha256">A file's own; a folder's is that of the lines <c>sha256sum</c> prints for its files, in the order of their names.</param>
public readonly record struct FileDigest(long Bytes, string Sha256)
{
    private const int BlockBytes = 1 << 20;

    // Hidden files are not the model's, but of those who store it.
    private static readonly EnumerationOptions Visible = new() { RecurseSubdirectories = true, IgnoreInaccessible = false, MaxRecursionDepth = 8 };

    /// <exception cref="ModelNotFoundException">A file cannot be read.</exception>
    public static FileDigest Of(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            return Directory.Exists(path) ? OfFolder(path, cancellationToken) : OfFile(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelNotFoundException(path, Directory.Exists(path) ? FileProblem.OfFolder(path, e) : FileProblem.Of(path, e));
        }
    }

    private static FileDigest OfFolder(string folder, CancellationToken cancellationToken)
    {
        var names = Directory.EnumerateFiles(folder, "*", Visible)
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal);
        var (bytes, lines) = (0L, new StringBuilder());
        foreach (var name in names)
        {
            var file = OfFile(Path.Combine(folder, name), cancellationToken);
            bytes += file.Bytes;
            lines.Append(file.Sha256).Append("  ").Append(name).Append('\n');
        }

        return new(bytes, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString()))));
    }

    private static FileDigest OfFile(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockBytes];
        var bytes = 0L;
        while (file.Read(block) is > 0 and var count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(block, 0, count);
            bytes += count;
        }

        return new(bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
