using System.Collections;
using System.Runtime.InteropServices;

namespace Dramatis.Cli.Host;

/// <summary>Sets the process up for tensor work before the first tensor exists.</summary>
/// <remarks>
/// By default glibc maps every large block afresh and unmaps it on release, so that each temporary is faulted in page by page:
/// up to three times slower on memory-bound operations. Only blocks of 128 MiB and more go on being mapped: the decoding of large
/// pictures asks for few of them, and among other blocks they would leave holes as large as themselves. The settings are read once, at
/// process start, for all threads; hence the process replaces itself once by itself with the settings in its environment.
/// </remarks>
internal static partial class ProcessSetup
{
    /// <summary>Set to <c>default</c> to keep the C library's own settings.</summary>
    public const string Switch = "DRAMATIS_MALLOC";

    private static readonly (string Name, string Value)[] Tuned =
    [
        ("MALLOC_ARENA_MAX", "1"),
        ("MALLOC_MMAP_THRESHOLD_", "134217728"),
        ("MALLOC_TRIM_THRESHOLD_", "8589934592"),
    ];

    /// <summary>What was done about malloc, for <c>--stats</c>.</summary>
    public static string Malloc =>
        !OperatingSystem.IsLinux() ? "the system's"
        : Array.TrueForAll(Tuned, setting => Variable(setting.Name) == setting.Value) ? "tuned"
        : Variable(Switch) == "default" ? $"default ({Switch}=default)"
        : "default";

    /// <summary>Replaces the process by itself with a tuned environment; returns when that is done, unwanted or impossible.</summary>
    public static void UseTunedMalloc(string[] args)
    {
        if (!OperatingSystem.IsLinux()
            || Array.Exists(args, argument => argument is "--help" or "-h" or "-?" or "--version")
            || Variable(Switch) == "default"
            || Array.Exists(Tuned, setting => Variable(setting.Name) is not null))
        {
            return;
        }

        Execute("/proc/self/exe", [.. Launcher(args.Length), .. args], [.. Variables(), .. Tuned.Select(setting => $"{setting.Name}={setting.Value}")]);
    }

    /// <summary>Replaces the process by another program, with the environment as it is now.</summary>
    /// <param name="command">The program's path and its arguments.</param>
    /// <exception cref="PlatformNotSupportedException">The system knows no such thing, or there is no such program.</exception>
    public static void Become(string[] command)
    {
        if (OperatingSystem.IsLinux())
        {
            Execute(command[0], command, [.. Variables()]);
        }

        throw new PlatformNotSupportedException($"{command[0]} cannot be started from here; start it by itself.");
    }

    private static IEnumerable<string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}");

    // What stands before our own arguments: the executable, or the dotnet host with the path of the assembly.
    private static string[] Launcher(int arguments)
    {
        var line = File.ReadAllText("/proc/self/cmdline").Split('\0')[..^1];
        return line[..^arguments];
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    // execve returns only when it fails: then the process goes on with the settings it has.
    private static unsafe void Execute(string path, string[] arguments, string[] environment)
    {
        fixed (nint* argv = Pointers(arguments), envp = Pointers(environment))
        {
            _ = execve(path, argv, envp);
        }

        static nint[] Pointers(string[] texts) => [.. texts.Select(Marshal.StringToCoTaskMemUTF8), 0];
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int execve(string path, nint* argv, nint* envp);
}
