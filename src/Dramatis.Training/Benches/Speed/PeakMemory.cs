using System.Diagnostics;

namespace Dramatis.Benches.Speed;

/// <summary>The most memory that the process held at once, in bytes.</summary>
/// <remarks>Linux takes its mark back to the present level on request; elsewhere the mark is that of the process's whole life.</remarks>
internal static class PeakMemory
{
    private const string Marks = "/proc/self/clear_refs";
    private const string HighWater = "5";

    /// <summary>What was held at once since <see cref="Reset"/>, freed memory that malloc keeps included.</summary>
    public static long Bytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    public static void Reset()
    {
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText(Marks, HighWater);
        }
    }
}
