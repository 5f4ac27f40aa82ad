using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Methods.Lora;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Lora;

/// <summary>Every kind of change against values that were computed element by element from the formulas (tests/Golden/lycoris).</summary>
public sealed class LayerTensorsTests
{
    private static string Golden => Repository.PathOf("tests", "Golden", "lycoris", "differences.safetensors");

    public static TheoryData<string> Cases()
    {
        using var archive = TensorArchive.Open(Golden);
        return [.. archive.Tensors.Keys.Select(key => key.Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_change_is_what_its_formula_says(string name)
    {
        using var scope = NewDisposeScope();
        using var archive = TensorArchive.Open(Golden);
        var files = $"{name}/file/";
        using var file = new RenamedArchive(archive, key => key.StartsWith(files, StringComparison.Ordinal) ? key[files.Length..] : null);
        var weight = archive.ToTensor($"{name}/weight");
        var layer = new LayerTensors("layer");
        foreach (var stored in file.Tensors.Keys)
        {
            layer.Add(LayerKey.Of(stored)!.Value, stored, file.Path);
        }

        var changes = layer.Changes(file, new(ModelNetwork.UNet, "layer", weight.shape), LoraHeader.Of(file));
        using var patch = new WeightPatch(file.Path, changes);

        Assert.Empty(layer.Missing());
        var change = Assert.Single(changes, change => change.Weight == "layer.weight");
        Assert.True(change.Fits(weight.shape));
        AssertClose(archive.ToTensor($"{name}/changed"), change.Apply(weight, 1));
        AssertClose(archive.ToTensor($"{name}/half"), change.Apply(weight, .5));
        Assert.True(weight.equal(change.Apply(weight, 0)).all().item<bool>());
        if (archive.Tensors.ContainsKey($"{name}/bias"))
        {
            var bias = changes.Single(change => change.Weight == "layer.bias");
            AssertClose(archive.ToTensor($"{name}/bias_changed"), bias.Apply(archive.ToTensor($"{name}/bias"), 1));
        }
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.InRange((expected - actual).abs().max().item<float>(), 0, 2e-5f);
    }
}
