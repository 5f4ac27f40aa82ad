using Dramatis.Errors;

namespace Dramatis.Files;

/// <summary>Writes a file whole or not at all.</summary>
internal static class AtomicFile
{
    private const int DiskFull = 28;    // ENOSPC

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file beside the target, flushes it to the disk, and only then gives it the
    /// target's name. Whatever fails, an older file of that name stays as it was and the temporary file is removed.
    /// </summary>
    /// <exception cref="OutputNotWrittenException">The folder is missing or read-only, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(temporary);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new OutputNotWrittenException(path, Reason(full, e), e);
            }

            throw;
        }
    }

    /// <summary>Throws now what <see cref="Write"/> would throw later, before long work is done for nothing.</summary>
    /// <exception cref="OutputNotWrittenException">The folder is missing or read-only, or a folder has the file's name.</exception>
    public static void Probe(string path)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            if (Directory.Exists(full))
            {
                throw new IOException();
            }

            using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(path, Reason(full, e), e);
        }
    }

    private static string Reason(string full, Exception e) => e switch
    {
        DirectoryNotFoundException => $"the folder {Path.GetDirectoryName(full)} does not exist; create it or choose another.",
        UnauthorizedAccessException when Directory.Exists(full) => "a folder of that name is in the way; choose another name.",
        UnauthorizedAccessException => $"no permission to write in {Path.GetDirectoryName(full)}; choose another folder.",
        IOException io when (io.HResult & 0xffff) == DiskFull => "the disk is full; make room or choose another folder.",
        IOException when Directory.Exists(full) => "a folder of that name is in the way; choose another name.",
        _ => OutputNotWrittenException.Advice(e),
    };

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be done; the error that led here is the one to report.
        }
    }
}
