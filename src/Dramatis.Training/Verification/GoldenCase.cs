using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification;

/// <summary>One golden folder: settings in <c>fixture.json</c>, inputs and results in <c>io.safetensors</c>.</summary>
/// <remarks>
/// Besides <c>component</c>, a fixture has <c>atol</c>: a number, or an object with a number for each output and perhaps a
/// <c>default</c>; and perhaps <c>rtol</c>, the share of the stored value that a result may be off besides. Paths in it are relative to its folder.
/// </remarks>
internal sealed class GoldenCase : IDisposable
{
    /// <summary>The file that makes a folder a case.</summary>
    public const string FixtureName = "fixture.json";

    private const long LongestFixture = 1 << 26;

    private readonly Lazy<SafetensorsFile> tensors;

    private GoldenCase(string folder, JsonElement fixture)
    {
        Folder = folder;
        Fixture = fixture;
        tensors = new(() => SafetensorsFile.Open(PathOf("io.safetensors")));
    }

    public string Folder { get; }

    /// <summary>The settings, whatever the component has.</summary>
    public JsonElement Fixture { get; }

    public string Component => Fixture.GetProperty("component").GetString()!;

    /// <summary>Names of all stored tensors.</summary>
    public IEnumerable<string> TensorNames => tensors.Value.Tensors.Keys;

    /// <exception cref="InvalidGoldenException">The folder is no case.</exception>
    public static GoldenCase Open(string folder)
    {
        var path = Path.Combine(folder, FixtureName);
        try
        {
            using var json = PythonJson.Parse(TextFile.Read(path, LongestFixture, "a fixture"));
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("component", out var component)
                && component.ValueKind == JsonValueKind.String
                    ? new(folder, json.RootElement.Clone())
                    : throw new InvalidGoldenException(path, "names no \"component\".");
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidGoldenException(path, FileProblem.Of(path, e), e);
        }
    }

    /// <summary>A path of the case, from one that is relative to its folder.</summary>
    public string PathOf(string relative) => Path.GetFullPath(Path.Combine(Folder, relative));

    /// <summary>A text of the fixture, for example the path of a model.</summary>
    public string Text(string setting) =>
        Fixture.TryGetProperty(setting, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new InvalidGoldenException(PathOf(FixtureName), $"has no text \"{setting}\".");

    public string ReadText(string relative) => File.ReadAllText(PathOf(relative));

    public bool Has(string tensor) => tensors.Value.Tensors.ContainsKey(tensor);

    /// <summary>A stored tensor, on the default device; it belongs to the caller's scope.</summary>
    public Tensor Tensor(string name) => tensors.Value.ToTensor(name).to(get_default_device());

    /// <summary>What the fixture allows for an output; tensors on the way have the default or the largest.</summary>
    public double Tolerance(string output)
    {
        if (!Fixture.TryGetProperty("atol", out var atol))
        {
            throw new InvalidGoldenException(PathOf(FixtureName), "has no \"atol\".");
        }

        return atol.ValueKind == JsonValueKind.Number ? atol.GetDouble()
            : atol.TryGetProperty(output, out var own) ? own.GetDouble()
            : atol.TryGetProperty("default", out var common) ? common.GetDouble()
            : atol.EnumerateObject().Max(item => item.Value.GetDouble());
    }

    /// <summary>A number of the fixture, or null when it has none of that name.</summary>
    public double? Number(string setting) =>
        Fixture.TryGetProperty(setting, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    /// <summary>Compares one of our tensors with one that is not in the case's own file.</summary>
    /// <param name="tolerance">What it may be off, besides the fixture's <c>rtol</c>.</param>
    public GoldenDifference Compare(string name, Tensor ours, Tensor expected, double tolerance)
    {
        using var scope = NewDisposeScope();
        if (!expected.shape.SequenceEqual(ours.shape))
        {
            var shapes = $"shape [{string.Join(", ", ours.shape)}] for [{string.Join(", ", expected.shape)}]";
            return new(name, double.PositiveInfinity, tolerance, shapes);
        }

        if (expected.numel() == 0)
        {
            return new(name, 0, tolerance);
        }

        // Equal infinities differ by nothing; a number that is none on one side only differs without bound.
        var (actual, wanted) = (ours.detach().to(float64, CPU), expected.to(float64, CPU));
        var same = actual.eq(wanted).logical_or(actual.isnan().logical_and(wanted.isnan()));
        var allowed = (Number("rtol") ?? 0) * wanted.abs().nan_to_num(posinf: 0);
        var difference = ((actual - wanted).abs() - allowed).clamp_min(0);
        var largest = difference.nan_to_num(nan: double.PositiveInfinity).masked_fill(same, 0).max().item<double>();
        return new(name, largest, tolerance);
    }

    /// <summary>Compares our tensors with the stored ones; those named <c>mid.*</c> in the order given.</summary>
    public GoldenResult Compare(params IReadOnlyList<(string Name, Tensor Ours)> results)
    {
        var all = results.Select(result => Compare(result.Name, result.Ours)).ToList();
        return new()
        {
            Outputs = [.. all.Where(difference => !IsMiddle(difference.Name))],
            Middle = [.. all.Where(difference => IsMiddle(difference.Name))],
        };
    }

    public void Dispose()
    {
        if (tensors.IsValueCreated)
        {
            tensors.Value.Dispose();
        }
    }

    private static bool IsMiddle(string name) => name.StartsWith("mid.", StringComparison.Ordinal);

    private GoldenDifference Compare(string name, Tensor ours)
    {
        using var expected = Tensor(name);
        return Compare(name, ours, expected, Tolerance(name));
    }
}
