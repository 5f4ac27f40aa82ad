using System.Globalization;
using Dramatis.Errors;

namespace Dramatis.Files;

/// <summary>Keeps a folder for one process as long as it lives. The system lets go of it however the process ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = "in-use.lock";

    // A locked file cannot be read, so the holder's number lies beside it.
    private const string ProcessName = "in-use.pid";

    // EAGAIN on Linux and on macOS, and the sharing violation of Windows.
    private static readonly int[] Taken = [11, 35, 32];

    private readonly FileStream stream;

    private FolderLock(FileStream stream) => this.stream = stream;

    /// <summary>Takes a folder, which is made when it is missing.</summary>
    /// <exception cref="FolderInUseException">Another has it.</exception>
    /// <exception cref="OutputNotWrittenException">The folder cannot be made or written to.</exception>
    public static FolderLock Take(string folder)
    {
        OutputFolder.Create(folder);
        var held = new FolderLock(Open(folder));
        try
        {
            var number = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            AtomicFile.Write(Path.Combine(folder, ProcessName), stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(number)));
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // The files stay: whoever removes one may take it from under another's lock.
    public void Dispose() => stream.Dispose();

    private static FileStream Open(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (Taken.Contains(e.HResult & 0xffff))
        {
            throw new FolderInUseException(folder, Holder(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(folder, e);
        }
    }

    private static int? Holder(string folder)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(folder, ProcessName)), CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
