using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Tests.Tensors;

/// <summary>Its collection runs when no other test does: all draw from the one generator of libtorch that is seeded here.</summary>
[Collection(nameof(StartValuesTests))]
[CollectionDefinition(nameof(StartValuesTests), DisableParallelization = true)]
public sealed class StartValuesTests
{
    [Fact]
    public void New_layers_start_as_pytorch_s()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var ours = Sequential(Layers.Linear(4, 3), Layers.Conv2d(3, 5, kernel: 3, stride: 2, padding: 1));
        manual_seed(5);
        using var theirs = Sequential(Linear(4, 3), Conv2d(3, 5, 3, stride: 2, padding: 1));

        Assert.All(theirs.state_dict(), item => Assert.True(item.Value.equal(ours.state_dict()[item.Key]).all().item<bool>(), item.Key));
    }
}
