using System.Diagnostics;
using System.Globalization;
using Dramatis.Checkpoints;
using Dramatis.Tensors;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Weights;

/// <summary>The peak of a process's memory while it loads a model of 256 MiB.</summary>
public sealed class LoadingMemoryTests : IDisposable
{
    private const string FolderVariable = "DRAMATIS_TEST_LOADING";
    private const int Width = 2048;
    private const int Count = 16;
    private const long LayerBytes = 4L * Width * Width;
    private const long ModelBytes = Count * LayerBytes;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(TensorType.F32, WeightStorage.Widened, ModelBytes)]
    [InlineData(TensorType.F16, WeightStorage.Widened, ModelBytes)]
    [InlineData(TensorType.F16, WeightStorage.AsStored, ModelBytes / 2)]
    public void Loading_takes_the_weights_and_a_layer_or_two_besides(TensorType stored, WeightStorage storage, long weights)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the kernel's own count of a process's peak");
        Write(stored);
        File.WriteAllText(Path.Combine(folder, "storage"), storage.ToString());

        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--filter-method", $"*.{nameof(A_process_that_loads_and_tells_its_peak)}", "--explicit", "only"])
        {
            Environment = { [FolderVariable] = folder },
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.InRange(long.Parse(File.ReadAllText(Path.Combine(folder, "peak")), CultureInfo.InvariantCulture), weights, weights + (4 * LayerBytes));
    }

    // Run in a process of its own by the test above: in a shared one, memory of other tests would count, or be taken again unseen.
    [Fact(Explicit = true)]
    public void A_process_that_loads_and_tells_its_peak()
    {
        var given = Environment.GetEnvironmentVariable(FolderVariable)!;
        using (ones(1))
        {
            GC.Collect();    // the library is there now, and garbage is not
        }

        var before = Status("VmRSS");
        File.WriteAllText("/proc/self/clear_refs", "5");    // the peak counts from now on

        using var archive = TensorArchive.Open(Path.Combine(given, "a.safetensors"));
        using var network = Checkpoint.Load(Network, archive, storage: Enum.Parse<WeightStorage>(File.ReadAllText(Path.Combine(given, "storage"))));

        File.WriteAllText(Path.Combine(given, "peak"), (Status("VmHWM") - before).ToString(CultureInfo.InvariantCulture));
    }

    private static Sequential Network() =>
        Sequential(Enumerable.Range(0, Count).Select(_ => (Module<Tensor, Tensor>)Layers.Linear(Width, Width, hasBias: false)));

    private void Write(TensorType type)
    {
        using var scope = NewDisposeScope();
        var weight = ones(Width, Width);
        Checkpoint.Save(Enumerable.Range(0, Count).ToDictionary(i => $"{i}.weight", _ => weight), Path.Combine(folder, "a.safetensors"), type);
    }

    private static long Status(string field) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
