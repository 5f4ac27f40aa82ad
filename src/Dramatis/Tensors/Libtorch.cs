using System.Runtime.InteropServices;
using Dramatis.Errors;

namespace Dramatis.Tensors;

/// <summary>Which libtorch the process computes with: the one that comes with the program, or one of the user's, for example with CUDA.</summary>
/// <remarks>Nothing here may name a type of TorchSharp, whose first use loads a libtorch.</remarks>
public static class Libtorch
{
    /// <summary>The environment variable with the folder of the user's libtorch, for example <c>.../site-packages/torch/lib</c>.</summary>
    public const string Variable = "DRAMATIS_LIBTORCH";

    private const string Library = "libtorch.so";
    private const string Processor = "libtorch_cpu.so";

    /// <summary>Loads the user's libtorch, if there is one to load. The first thing that a program does: later loads by name find it.</summary>
    /// <param name="folder">Null: as <see cref="Variable"/> says.</param>
    /// <exception cref="LibtorchUnusableException">There is none, it cannot be loaded, or the program has another one beside it.</exception>
    public static void Load(string? folder = null)
    {
        folder ??= Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder))
        {
            return;
        }

        var file = Path.Combine(folder, Library);
        if (!File.Exists(file))
        {
            throw new LibtorchUnusableException(
                folder, $"holds no {Library}; {Variable} is the lib folder of a PyTorch, for example .../site-packages/torch/lib.");
        }

        // A second one would register its kernels a second time, which ends the process.
        if (Array.Find(Searched(), other => File.Exists(Path.Combine(other, Processor))) is { } beside)
        {
            throw new LibtorchUnusableException(
                folder,
                $"cannot be used by a program with a libtorch of its own ({Path.Combine(beside, Processor)}); "
                + $"take the build without one (eng/device/publish), or unset {Variable}.");
        }

        Open(folder, () => NativeLibrary.Load(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file)));
        Open(folder, () => NativeLibrary.Load("LibTorchSharp", typeof(Libtorch).Assembly, null));
    }

    // Where .NET looks for native libraries of the program.
    private static string[] Searched()
    {
        var folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return [AppContext.BaseDirectory, .. folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
    }

    private static void Open(string folder, Func<nint> load)
    {
        try
        {
            load();
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new LibtorchUnusableException(folder, $"cannot be loaded; PyTorch 2.10 and 2.11 for x86-64 are known to work. {e.Message}", e);
        }
    }
}
