using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Dramatis.Checkpoints;
using Dramatis.Tensors;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Weights;

/// <summary>The peak of what a process has taken from malloc while it loads a model of 256 MiB.</summary>
/// <remarks>
/// glibc counts it: above a threshold that is set, each block has a mapping of its own, and the most bytes that such mappings ever had
/// at once are known exactly. What a process has resident is no measure: code, garbage and freed blocks come and go with neighbours.
/// </remarks>
public sealed partial class LoadingMemoryTests : IDisposable
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
    public async Task Loading_takes_the_weights_and_a_layer_or_two_besides(Enum stored, WeightStorage storage, long weights)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "malloc counts its peak in glibc only");
        Write((TensorType)stored);
        File.WriteAllText(Path.Combine(folder, "storage"), storage.ToString());

        var errors = await OwnProcess.RunAsync(
            nameof(A_process_that_loads_and_tells_its_peak),
            new Dictionary<string, string> { [FolderVariable] = folder, ["MALLOC_MMAP_THRESHOLD_"] = "1048576" });

        var peak = Regex.Match(errors, @"max mmap bytes\s*=\s*(\d+)");
        Assert.InRange(long.Parse(peak.Groups[1].Value, CultureInfo.InvariantCulture), weights, weights + (2 * LayerBytes));
        Assert.Equal("0", File.ReadAllText(Path.Combine(folder, "pages")));
    }

    // Run in a process of its own by the test above: in a shared one, memory of other tests would count.
    [Fact(Explicit = true)]
    public void A_process_that_loads_and_tells_its_peak()
    {
        var given = Environment.GetEnvironmentVariable(FolderVariable)!;
        using var archive = TensorArchive.Open(Path.Combine(given, "a.safetensors"));
        var storage = Enum.Parse<WeightStorage>(File.ReadAllText(Path.Combine(given, "storage")));
        using var network = Checkpoint.Load(Network, archive, loading: new() { Storage = storage });

        File.WriteAllText(Path.Combine(given, "pages"), ResidentPages("a.safetensors"));
        PrintMallocStatistics();
    }

    private static Sequential Network() =>
        Sequential(Enumerable.Range(0, Count).Select(_ => (Module<Tensor, Tensor>)Layers.Linear(Width, Width, hasBias: false)));

    private void Write(TensorType type)
    {
        using var scope = NewDisposeScope();
        var weight = ones(Width, Width);
        Checkpoint.Save(Enumerable.Range(0, Count).ToDictionary(i => $"{i}.weight", _ => weight), Path.Combine(folder, "a.safetensors"), type);
    }

    // Kibibytes of a mapped file in memory.
    private static string ResidentPages(string file) => File.ReadLines("/proc/self/smaps")
        .SkipWhile(line => !line.EndsWith(file, StringComparison.Ordinal))
        .First(line => line.StartsWith("Rss:", StringComparison.Ordinal))
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1];

    [LibraryImport("libc.so.6", EntryPoint = "malloc_stats")]
    private static partial void PrintMallocStatistics();
}
