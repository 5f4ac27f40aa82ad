using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Benches.Speed;

/// <summary>A <see cref="SpeedResult"/> for readers and for programs.</summary>
internal static class SpeedReport
{
    private const double Giga = 1e9;
    private const double Mebi = 1024 * 1024;

    /// <summary>Lines for people.</summary>
    public static string Text(SpeedResult result) => string.Join('\n',
    [
        $"{result.Family.Name} at {result.Size}, {TorchSharp.torch.get_num_threads()} threads",
        Line("load", $"{result.LoadSeconds:0.0} s"),
        .. Call("step", result.Step),
        .. Call("decode", result.Decode),
        Line("weights", $"{result.Weights / Mebi:0} MiB"),
        Line("peak memory", $"load {result.LoadMemory / Mebi:0}, step {result.Step.PeakMemory / Mebi:0}, decode {result.Decode.PeakMemory / Mebi:0} MiB"),
        Line("", $"{(result.PeakMemory <= result.MemoryLimit ? "below" : "above")} weights + 1.5 GB ({result.MemoryLimit / Mebi:0} MiB)"),
    ]);

    /// <summary>One JSON object.</summary>
    public static string Json(SpeedResult result) => JsonSerializer.Serialize(
        new SpeedReportJson(
            result.Family.Name,
            result.Size.ToString(),
            TorchSharp.torch.get_num_threads(),
            result.LoadSeconds,
            Of(result.Step),
            Of(result.Decode),
            result.Weights / Mebi,
            result.PeakMemory / Mebi,
            result.MemoryLimit / Mebi),
        SpeedJson.Default.SpeedReportJson);

    private static IEnumerable<string> Call(string name, CallSpeed call)
    {
        yield return Line(name, $"{call.Seconds:0.00} s for {call.Work.Total / Giga:0} GFLOP: {call.Rate / Giga:0} GFLOP/s");
        yield return Line("", $"{call.ShareOfMatmul:0.00} of a large matrix product ({call.MatmulRate / Giga:0} GFLOP/s)");
        if (call.Kernels is { } kernels)
        {
            yield return Line("", string.Create(
                CultureInfo.InvariantCulture,
                $"convolution {kernels.Convolution:0.00}, linear {kernels.Linear:0.00}, attention {kernels.Attention:0.00}, norms {kernels.Norms:0.00}, rest "
                    + $"{kernels.Rest:0.00}, outside {kernels.Outside:0.00} s"));
        }
    }

    private static string Line(string name, FormattableString text) => $"{name,-13}{text.ToString(CultureInfo.InvariantCulture)}";

    private static string Line(string name, string text) => $"{name,-13}{text}";

    private static SpeedCallJson Of(CallSpeed call) => new(
        call.Seconds,
        call.Work.Total / Giga,
        new(call.Work.Convolution / Giga, call.Work.Linear / Giga, call.Work.Attention / Giga),
        call.Rate / Giga,
        call.MatmulRate / Giga,
        call.ShareOfMatmul,
        call.Kernels,
        call.PeakMemory / Mebi);
}

/// <summary>Memory in MiB.</summary>
internal sealed record SpeedReportJson(
    string Family, string Size, int Threads, double LoadSeconds, SpeedCallJson Step, SpeedCallJson Decode, double Weights, double PeakMemory,
        double MemoryLimit);

/// <param name="Gflop">Thousand millions of operations of one call.</param>
/// <param name="GflopPerSecond">The rate reached.</param>
/// <param name="MatmulGflopPerSecond">The yardstick's.</param>
/// <param name="Kernels">Seconds by kind.</param>
internal sealed record SpeedCallJson(
    double Seconds, double Gflop, Work GflopOf, double GflopPerSecond, double MatmulGflopPerSecond, double ShareOfMatmul, KernelSeconds? Kernels,
        double PeakMemory);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SpeedReportJson))]
internal sealed partial class SpeedJson : JsonSerializerContext;
