using System.Runtime.InteropServices;

namespace Dramatis.Files;

/// <summary>Devices, pipes and sockets: what has a name like a file, and can be written to, but must not be replaced.</summary>
internal static partial class SpecialFile
{
    private const int Success = 0;
    private const int KindMask = 0xF000;
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;
    private const int StatusNumbers = 64;    // with room to spare
    private const int ModeNumber = 1;

    /// <summary>Whether a path, where its links lead, is neither a regular file nor a folder nor nothing.</summary>
    public static bool Is(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        Span<int> status = stackalloc int[StatusNumbers];
        return Status(path, ref MemoryMarshal.GetReference(status)) == Success && (status[ModeNumber] & KindMask) is not (Folder or Regular);
    }

    // The runtime's own, whose layout does not differ by system: flags, mode, owner, …
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(string path, ref int status);
}
