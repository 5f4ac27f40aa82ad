using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Weights;

/// <summary>Half precision in memory, single in arithmetic.</summary>
public sealed class WeightStorageTests : IDisposable
{
    private static readonly UNetConfig Tiny = ModelFamily.Sd15.UNet with
    {
        BlockWidths = [8, 16],
        Attention = [true, false],
        Heads = [2, 2],
        TransformerLayers = [1, 1],
        NormGroups = 4,
        TextWidth = 6,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private string File => Path.Combine(folder, "a.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(TensorType.F16, ScalarType.Float16)]
    [InlineData(TensorType.BF16, ScalarType.BFloat16)]
    public void Matrices_stay_as_stored_and_results_are_those_of_widened_weights_to_the_bit(Enum type, ScalarType held)
    {
        using var scope = NewDisposeScope();
        using var source = new Dramatis.Networks.UNet.UNet(Tiny);
        Checkpoint.Save(source, File, (TensorType)type);
        using var wide = Load(() => new Dramatis.Networks.UNet.UNet(Tiny), WeightStorage.Widened);
        using var narrow = Load(() => new Dramatis.Networks.UNet.UNet(Tiny), WeightStorage.AsStored);

        var (latents, timesteps, context) = (randn(2, 4, 8, 8), full(2, 500f), new StepContext(default, randn(2, 5, 6), ConditioningSession.None));
        using var off = no_grad();
        var (expected, ours) = (wide.forward(latents, timesteps, context), narrow.forward(latents, timesteps, context));

        Assert.True(expected.equal(ours).all().item<bool>());
        Assert.All(wide.state_dict().Values, weight => Assert.Equal(ScalarType.Float32, weight.dtype));
        Assert.All(narrow.state_dict(), item => Assert.Equal(item.Value.dim() > 1 ? held : ScalarType.Float32, item.Value.dtype));
    }

    [Fact]
    public void Every_layer_of_a_decoder_widens_and_leaves_nothing_behind()
    {
        var config = new VaeConfig { BlockWidths = [8, 16], NormGroups = 4 };
        using var source = new AutoencoderKL(config);
        Checkpoint.Save(source, File, TensorType.F16);
        using var wide = Load(() => new AutoencoderKL(config), WeightStorage.Widened);
        using var narrow = Load(() => new AutoencoderKL(config), WeightStorage.AsStored);
        using var latents = randn(1, 4, 4, 4);
        using var off = no_grad();
        using var expected = wide.Decode(latents);
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            Assert.True(expected.equal(narrow.Decode(latents)).all().item<bool>());
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void What_is_single_in_the_file_is_single_in_memory()
    {
        using var scope = NewDisposeScope();
        using var source = Layers.Linear(4, 3);
        Checkpoint.Save(source, File);

        using var loaded = Load(() => Layers.Linear(4, 3), WeightStorage.AsStored);

        Assert.Equal(ScalarType.Float32, loaded.state_dict()["weight"].dtype);
    }

    private T Load<T>(Func<T> build, WeightStorage storage)
        where T : Module
    {
        using var archive = TensorArchive.Open(File);
        return Checkpoint.Load(build, archive, loading: new() { Storage = storage });
    }
}
