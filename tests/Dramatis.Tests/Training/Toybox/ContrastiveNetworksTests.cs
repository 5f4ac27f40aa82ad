using Dramatis.Errors;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class ContrastiveNetworksTests : IDisposable
{
    // Far more than any start needs: weights start at random.
    private const int Steps = 600;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Pairs_of_one_subject_are_not_held_against_each_other()
    {
        using var scope = NewDisposeScope();
        using var networks = Networks();
        var (pixels, names) = Pairs(3);

        Assert.Equal(0, networks.forward(pixels, names, tensor([5L, 5L, 5L])).item<float>());
        Assert.NotEqual(0, networks.forward(pixels, names, tensor([5L, 6L, 5L])).item<float>());
    }

    [Fact]
    public void Names_and_pictures_find_each_other()
    {
        using var scope = NewDisposeScope();
        using var networks = Networks();
        using var optimizer = optim.Adam(networks.parameters(), 3e-3);
        var ((pixels, names), subjects) = (Pairs(6), arange(6));
        bool Found() => networks.Likeness(pixels, names).argmax(1).equal(subjects).all().item<bool>();

        for (var step = 0; step < Steps && !Found(); step++)
        {
            optimizer.zero_grad();
            networks.forward(pixels, names, subjects).backward();
            optimizer.step();
        }

        Assert.True(Found());
    }

    [Fact]
    public void The_base_training_starts_with_the_encoders_it_finds()
    {
        using var scope = NewDisposeScope();
        using var networks = Networks();
        var writer = new ModelWriter(folder, Checkpoints.TensorType.F32);
        writer.Network(ModelNetwork.TextEncoder, networks.TextEncoder.Config.ToJson(), networks.TextEncoder);
        writer.Network(ModelNetwork.ImageEncoder, networks.ImageEncoder.Config.ToJson(), networks.ImageEncoder);
        using var begun = new BaseNetworks(TinyBase.Configs, TinyBase.Process);

        begun.LoadFrom(folder);

        var expected = networks.TextEncoder.state_dict();
        Assert.All(begun.TextEncoder.state_dict(), item => Assert.True(item.Value.equal(expected[item.Key]).all().item<bool>(), item.Key));
    }

    [Fact]
    public void A_folder_with_none_of_the_networks_is_refused()
    {
        using var begun = new BaseNetworks(TinyBase.Configs, TinyBase.Process);

        var error = Assert.Throws<ModelNotFoundException>(() => begun.LoadFrom(folder));

        Assert.Contains("holds none of", error.Message, StringComparison.Ordinal);
    }

    private static ContrastiveNetworks Networks() => new(TinyBase.Configs.Text, TinyBase.Configs.Vision);

    private static (Tensor Pixels, Tensor Names) Pairs(int count) =>
        (randint(0, 256, [count, 8, 8, 3]).to(ScalarType.Byte), arange(5L * count).view(count, 5));
}
