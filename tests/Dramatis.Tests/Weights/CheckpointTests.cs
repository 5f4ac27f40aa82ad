using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Weights;

public sealed class CheckpointTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_saved_network_comes_back_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        Checkpoint.Save(network, File("a"));
        using var other = Network();

        Checkpoint.LoadInto(other, File("a"));

        Assert.All(network.state_dict(), item => Assert.True(item.Value.equal(other.state_dict()[item.Key]).all().item<bool>()));
    }

    [Theory]
    [InlineData(TensorType.F16, 1e-3)]
    [InlineData(TensorType.BF16, 1e-2)]
    public void Half_precision_is_widened_to_the_network_s_type(Enum type, double rounding)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        Checkpoint.Save(network, File("a"), (TensorType)type);
        using var other = Network();

        Checkpoint.LoadInto(other, File("a"));

        var (before, after) = (network.state_dict()["0.weight"], other.state_dict()["0.weight"]);
        Assert.Equal(ScalarType.Float32, after.dtype);
        Assert.True((before - after).abs().max().item<float>() < rounding);
        Assert.True(before.to(((TensorType)type).ToScalarType()).to(ScalarType.Float32).equal(after).all().item<bool>());
    }

    [Fact]
    public void A_network_built_without_memory_equals_one_filled_in_place_and_trains()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        Checkpoint.Save(network, File("a"));
        using var archive = SafetensorsFile.Open(File("a"));

        using var other = Checkpoint.Load(Network, archive);

        var x = randn(2, 4, 3, 3);
        Assert.True(network.forward(x).equal(other.forward(x)).all().item<bool>());
        other.forward(x).sum().backward();
        Assert.All(other.parameters(), weight => Assert.NotNull(weight.grad));
    }

    [Fact]
    public void Weights_of_convolutions_are_laid_out_like_maps_and_saved_like_any_others()
    {
        using var scope = NewDisposeScope();
        using var network = Kernel();
        Checkpoint.Save(network, File("a"));
        using var archive = SafetensorsFile.Open(File("a"));

        using var other = Checkpoint.Load(Kernel, archive);
        Checkpoint.Save(other, File("b"));

        Assert.True(Dramatis.Tensors.ChannelsLast.Is(other.weight));
        Assert.Equal(System.IO.File.ReadAllBytes(File("a")), System.IO.File.ReadAllBytes(File("b")));

        static Dramatis.Tensors.Conv2d Kernel() => Dramatis.Tensors.Layers.Conv2d(4, 6, kernel: 3);
    }

    [Fact]
    public void A_part_is_found_by_its_prefix_and_the_rest_of_the_file_left_alone()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        Save(("first.0.weight", ones(6, 4, 1, 1)), ("first.0.bias", ones(6)), ("second.weight", ones(2)));
        using var archive = SafetensorsFile.Open(File("a"));

        Checkpoint.LoadInto(network, archive, prefix: "first.");

        Assert.Equal(1, network.state_dict()["0.bias"].mean().item<float>());
    }

    [Fact]
    public void Old_names_are_mapped_and_known_left_overs_ignored()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        Save(("conv0.w", ones(6, 4, 1, 1)), ("0.bias", ones(6)), ("steps", ones(1)));

        Checkpoint.LoadInto(network, File("a"), new(("conv{}.w", "{}.weight")) { Ignored = [new("steps", "a counter")] });

        Assert.Equal(1, network.state_dict()["0.weight"].mean().item<float>());
    }

    [Fact]
    public void Weights_that_a_file_holds_in_another_form_come_out_as_the_network_s()
    {
        using var scope = NewDisposeScope();
        using var network = Sequential(Linear(2, 2), Linear(2, 2), Linear(2, 2));
        var stacked = arange(8, ScalarType.Float32).view(4, 2);
        Save(
            ("both.weight", stacked), ("both.bias", arange(4, ScalarType.Float32)),
            ("turned", stacked[..2]), ("2.bias", ones(2)), ("other.weight", stacked[2..].view(2, 2, 1, 1)));
        var keys = new KeyMap(("other.*", "2.*"))
        {
            Fused = [new("both.weight", "0.weight", "1.weight"), new("both.bias", "0.bias", "1.bias")],
            Reformed = [new("other.weight", "2.weight", WeightForm.OnePixelKernel)],
            Ignored = [new("turned", "another test's")],
        };

        Checkpoint.LoadInto(network, File("a"), keys);

        Assert.Equal([4f, 5, 6, 7], network.state_dict()["1.weight"].data<float>());
        Assert.Equal([2f, 3], network.state_dict()["1.bias"].data<float>());
        Assert.Equal([4f, 5, 6, 7], network.state_dict()["2.weight"].data<float>());
    }

    [Fact]
    public void A_matrix_stored_the_other_way_round_is_turned_and_its_shape_checked_so()
    {
        using var scope = NewDisposeScope();
        var keys = new KeyMap { Reformed = [new("turned", "weight", WeightForm.Transposed)] };
        Save(("turned", arange(6, ScalarType.Float32).view(3, 2)));
        using var archive = SafetensorsFile.Open(File("a"));

        using var network = Checkpoint.Load(() => Dramatis.Tensors.Layers.Linear(3, 2, hasBias: false), archive, keys);
        var error = Assert.Throws<WeightMismatchException>(
            () => Checkpoint.Load(() => Dramatis.Tensors.Layers.Linear(2, 3, hasBias: false), archive, keys));

        Assert.Equal([0f, 2, 4, 1, 3, 5], network.state_dict()["weight"].data<float>());
        Assert.Equal(["turned [3, 2] for [3, 2]"], error.Misshapen);
    }

    [Fact]
    public void What_does_not_fit_is_named_by_kind_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var before = network.state_dict()["0.weight"].clone();
        Save(("0.weight", ones(6, 4, 3, 3)), ("0.extra", ones(1)));

        var error = Assert.Throws<WeightMismatchException>(() => Checkpoint.LoadInto(network, File("a")));

        Assert.Equal(["0.bias"], error.Missing);
        Assert.Equal(["0.extra"], error.Unexpected);
        Assert.Equal(["0.weight [6, 4, 3, 3] for [6, 4, 1, 1]"], error.Misshapen);
        Assert.Contains("1 tensor is missing (first: 0.bias)", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(File("a"), error.Message, StringComparison.Ordinal);
        Assert.True(before.equal(network.state_dict()["0.weight"]).all().item<bool>());
    }

    [Fact]
    public void Loading_leaves_no_tensor_behind()
    {
        using var network = Network();
        Checkpoint.Save(network, File("a"));
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            Checkpoint.LoadInto(network, File("a"));
            Checkpoint.Save(network, File("a"), TensorType.F16);
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Sequential Network() => Sequential(Conv2d(4, 6, kernel_size: 1));

    private string File(string name) => Path.Combine(folder, name + ".safetensors");

    private void Save(params (string Name, Tensor Values)[] tensors) =>
        Checkpoint.Save(tensors.ToDictionary(item => item.Name, item => item.Values), File("a"));
}
