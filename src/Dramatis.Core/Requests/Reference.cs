using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>One picture of a subject: a file, or the bytes of one.</summary>
public sealed record Reference
{
    private Reference(string? path, byte[]? bytes) => (Path, Bytes) = (path, bytes);

    /// <summary>The file, or null.</summary>
    public string? Path { get; }

    /// <summary>The content of a picture file, or null.</summary>
    public byte[]? Bytes { get; }

    /// <summary>A picture in a file: PNG, JPEG or WebP. It is read when a request is painted.</summary>
    public static Reference FromFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new(path, null);
    }

    /// <summary>A picture in memory: the bytes of a PNG, JPEG or WebP file.</summary>
    public static Reference FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new(null, bytes);
    }

    /// <summary>The content of the picture file.</summary>
    /// <exception cref="UnreadablePictureException">The file cannot be read or is too large.</exception>
    public byte[] ReadBytes() => Bytes ?? PictureReader.ReadBytes(Path!, PictureLimits.Default);

    /// <summary>The picture.</summary>
    /// <param name="name">What an error calls bytes without a file.</param>
    /// <exception cref="UnreadablePictureException">It cannot be read, is no picture, or too large.</exception>
    public Picture Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return PictureReader.Read(ReadBytes(), Path ?? name);
    }

    /// <summary>Equal when they are the same file name or the same bytes.</summary>
    public bool Equals(Reference? other) => other is not null
        && Path == other.Path
        && (Bytes ?? []).AsSpan().SequenceEqual(other.Bytes ?? []);

    /// <summary>By path, or by the bytes.</summary>
    public override int GetHashCode() => HashCode.Combine(Path, Bytes?.Length);
}
