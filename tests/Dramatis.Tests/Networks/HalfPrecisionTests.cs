using Dramatis.Checkpoints;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks;

/// <summary>Networks in half precision against the same ones in single.</summary>
public sealed class HalfPrecisionTests : IDisposable
{
    // Some thirty layers, each of which rounds by half a unit of 11 bits or of 8, as a share of the largest number.
    private static readonly Dictionary<Precision, double> Rounding = new() { [Precision.Fp16] = .01, [Precision.Bf16] = .08 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public static MatrixTheoryData<string, Precision> Cases => new(TinyNetworks.All.Keys, [Precision.Fp16, Precision.Bf16]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_network_in_half_precision_comes_out_as_in_single_but_for_rounding(string name, Precision precision)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var single = TinyNetworks.All[name].Build();
        Checkpoint.Save(single, Path.Combine(folder, "a.safetensors"));
        using var archive = TensorArchive.Open(Path.Combine(folder, "a.safetensors"));
        using var half = Checkpoint.Load(TinyNetworks.All[name].Build, archive, loading: new() { Precision = precision, Storage = WeightStorage.AsStored });

        var type = precision.ToScalarType();
        var (expected, actual) = (Run(name, single, ScalarType.Float32), Run(name, half, type));

        Assert.All(half.parameters(), weight => Assert.Equal(type, weight.dtype));
        Assert.All(actual, result => Assert.Equal(type, result.dtype));
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Off(pair.First, pair.Second), 0, Rounding[precision]));
    }

    private static IReadOnlyList<Tensor> Run(string name, nn.Module network, ScalarType type)
    {
        using var inputs = new TinyInputs(new(CPU, type));
        return TinyNetworks.All[name].Run(network, inputs);
    }

    private static double Off(Tensor expected, Tensor actual) => ((expected - actual).abs().max() / expected.abs().max()).item<float>();
}
