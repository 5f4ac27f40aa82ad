using Dramatis.Errors;

namespace Dramatis.Files;

/// <summary>Writes a file whole or not at all. Links are followed; devices and pipes are written to as they are, and never replaced.</summary>
internal static class AtomicFile
{
    private const int DiskFull = 28;    // ENOSPC

    /// <summary>
    /// Lets <paramref name="write"/> fill a temporary file beside the target, flushes it to the disk, and only then gives it the
    /// target's name. Whatever fails, an older file of that name stays as it was and the temporary file is removed.
    /// </summary>
    /// <exception cref="OutputNotWrittenException">The folder is missing or read-only, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, replaces: true);

    /// <summary>As <see cref="Write(string, Action{Stream})"/>, where there is no file of that name.</summary>
    /// <returns>Whether there was none; otherwise nothing has changed.</returns>
    public static bool TryWriteNew(string path, Action<Stream> write) => !Path.Exists(Target(path)) && Write(path, write, replaces: false);

    /// <summary>Throws now what <see cref="Write(string, Action{Stream})"/> would throw later, before long work is done for nothing.</summary>
    /// <exception cref="OutputNotWrittenException">The folder is missing or read-only, or a folder has the file's name.</exception>
    public static void Probe(string path)
    {
        var full = Target(path);
        if (SpecialFile.Is(full))
        {
            return;
        }

        try
        {
            if (Directory.Exists(full))
            {
                throw new IOException();
            }

            using var stream = new FileStream(Beside(full), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(path, Reason(full, e), e);
        }
    }

    private static bool Write(string path, Action<Stream> write, bool replaces)
    {
        var full = Target(path);
        var isSpecial = SpecialFile.Is(full);
        var written = isSpecial ? full : Beside(full);
        try
        {
            using (var stream = new FileStream(
                written, isSpecial ? FileMode.Open : FileMode.CreateNew, FileAccess.Write, isSpecial ? FileShare.ReadWrite : FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: !isSpecial);
            }

            if (!isSpecial)
            {
                File.Move(written, full, replaces);
            }

            return true;
        }
        catch (Exception e)
        {
            if (!isSpecial)
            {
                TryDelete(written);
            }

            if (!replaces && e is IOException && File.Exists(full))
            {
                return false;
            }

            if (e is IOException or UnauthorizedAccessException)
            {
                throw new OutputNotWrittenException(path, Reason(full, e), e);
            }

            throw;
        }
    }

    // A link is a name for another file: that one is meant.
    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target && !SpecialFile.Is(path) ? target.FullName : Path.GetFullPath(path);
        }
        catch (IOException)
        {
            return Path.GetFullPath(path);    // links in a circle, or no such folder: writing says so
        }
    }

    private static string Beside(string full) => $"{full}.{Guid.NewGuid():N}.tmp";

    private static string Reason(string full, Exception e) => e switch
    {
        DirectoryNotFoundException => $"the folder {Path.GetDirectoryName(full)} does not exist; create it or choose another.",
        FileNotFoundException => "no file can be made there; choose another folder.",    // of the system's own
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
