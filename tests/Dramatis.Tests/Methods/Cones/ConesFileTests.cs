using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Methods.Catalog;
using Dramatis.Methods.Cones;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Cones;

/// <summary>On the embedded model.</summary>
public sealed class ConesFileTests : IDisposable
{
    private const int TextWidth = 192;

    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly string keys;
    private readonly string values;

    public ConesFileTests()
    {
        keys = model.UNet.Sites[0].Path + ".to_k.weight";
        values = model.UNet.Sites[1].Path + ".to_v.weight";
    }

    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_neurons_of_a_file_are_silent_and_nothing_else_has_changed()
    {
        using var scope = NewDisposeScope();
        using var patch = PatchFiles.Read(Write("one", (keys, [0, 7, 100])), model);
        var before = WeightOf(keys).clone();

        using (var patched = new PatchedWeights(model))
        {
            patched.Apply(new ScaledPatch(patch));
            Assert.Equal([0L, 7, 100], WeightOf(keys).flatten().eq(0).nonzero().flatten().data<long>().ToArray());
            Assert.Equal(3, WeightOf(keys).ne(before).sum().item<long>());
        }

        Assert.True(WeightOf(keys).equal(before).all().item<bool>());
    }

    [Fact]
    public void A_file_without_neurons_leaves_every_bit()
    {
        using var scope = NewDisposeScope();
        using var patch = PatchFiles.Read(Write("none", (keys, [])), model);
        using var patched = new PatchedWeights(model);
        var before = WeightOf(keys).clone();

        patched.Apply(new ScaledPatch(patch));

        Assert.Equal(before.bytes.ToArray(), WeightOf(keys).bytes.ToArray());
    }

    [Fact]
    public void Files_of_several_subjects_silence_the_neurons_of_each()
    {
        using var scope = NewDisposeScope();
        using var one = PatchFiles.Read(Write("one", (keys, [0, 7])), model);
        using var two = PatchFiles.Read(Write("two", (keys, [7, 9]), (values, [1])), model);
        using var patched = new PatchedWeights(model);

        patched.Apply(new(one), new(two));

        Assert.Equal([0L, 7, 9], WeightOf(keys).flatten().eq(0).nonzero().flatten().data<long>().ToArray());
        Assert.Equal([1L], WeightOf(values).flatten().eq(0).nonzero().flatten().data<long>().ToArray());
    }

    [Fact]
    public void Half_a_scale_halves_the_neurons()
    {
        using var scope = NewDisposeScope();
        using var patch = PatchFiles.Read(Write("one", (keys, [5])), model);
        using var patched = new PatchedWeights(model);
        var before = WeightOf(keys).flatten()[5].item<float>();

        patched.Apply(new ScaledPatch(patch, .5));

        Assert.Equal(before / 2, WeightOf(keys).flatten()[5].item<float>());
    }

    [Fact]
    public void Files_of_other_models_are_refused()
    {
        Assert.Contains("cross", Assert.Throws<WeightMismatchException>(
            () => PatchFiles.Read(Write("unknown", ("cross.to_k.weight", [1])), model)).Message, StringComparison.Ordinal);
        Assert.Throws<WeightMismatchException>(() => PatchFiles.Read(Write("large", (keys, [1 << 30])), model));
        Assert.Contains("texts of width 768", Assert.Throws<InvalidCheckpointException>(
            () => PatchFiles.Read(Write("wide", 768, (keys, [1])), model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_says_what_it_is_and_another_kind_is_refused()
    {
        var path = Write("one", (keys, [1]));
        using var archive = TensorArchive.Open(path);

        Assert.Equal("concept neurons of Cones", CheckpointKind.Of(archive)!.Name);
        var other = Path.Combine(folder, "other.safetensors");
        using var scope = NewDisposeScope();
        Checkpoint.Save(new Dictionary<string, Tensor> { ["a.to_k.neurons"] = ones(3) }, other);
        Assert.Throws<InvalidCheckpointException>(() => ConesFile.Read(other, model));
    }

    private Parameter WeightOf(string name) => model.UNet.get_parameter(name)!;

    private string Write(string name, params (string Weight, int[] Indices)[] layers) => Write(name, TextWidth, layers);

    private string Write(string name, int width, params (string Weight, int[] Indices)[] layers)
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, $"{name}.safetensors");
        ConesFile.Write(path, [.. layers.Select(layer => new SilencedNeurons(ModelNetwork.UNet, layer.Weight, tensor(layer.Indices)))], width);
        return path;
    }
}
