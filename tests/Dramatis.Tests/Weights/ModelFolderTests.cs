using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Networks.Vae;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Weights;

public sealed class ModelFolderTests : IDisposable
{
    private static readonly VaeConfig Tiny = new() { BlockWidths = [8, 16], NormGroups = 4, LatentChannels = 6 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_written_folder_opens_and_its_parts_load()
    {
        using var scope = NewDisposeScope();
        using var vae = Write();

        var model = ModelFolder.Open(folder);
        using var loaded = model.LoadVae();

        Assert.True(model.Has(ModelNetwork.Vae));
        Assert.False(model.Has(ModelNetwork.UNet));
        Assert.Equal(6, loaded.Config.LatentChannels);
        Assert.True(loaded.state_dict().All(item => item.Value.equal(vae.state_dict()[item.Key]).all().item<bool>()));
    }

    [Fact]
    public void Half_precision_files_are_found_by_their_published_name()
    {
        using var scope = NewDisposeScope();
        Write().Dispose();
        File.Move(Weights("diffusion_pytorch_model.safetensors"), Weights("diffusion_pytorch_model.fp16.safetensors"));

        using var loaded = ModelFolder.Open(folder).LoadVae();

        Assert.Equal(ScalarType.Float32, loaded.parameters().First().dtype);
    }

    [Fact]
    public void Several_files_are_one_checkpoint_by_their_index()
    {
        using var scope = NewDisposeScope();
        using var vae = Write();
        File.Delete(Weights("diffusion_pytorch_model.safetensors"));
        var halves = vae.state_dict().GroupBy(item => item.Key.StartsWith("encoder", StringComparison.Ordinal) ? "one.safetensors" : "two.safetensors");
        foreach (var half in halves)
        {
            Checkpoint.Save(half.ToDictionary(), Weights(half.Key));
        }

        var map = halves.SelectMany(half => half.Select(item => $"\"{item.Key}\": \"{half.Key}\""));
        File.WriteAllText(Weights("diffusion_pytorch_model.safetensors.index.json"), $"{{\"weight_map\": {{{string.Join(", ", map)}}}}}");

        using var loaded = ModelFolder.Open(folder).LoadVae();

        Assert.True(loaded.state_dict().All(item => item.Value.equal(vae.state_dict()[item.Key]).all().item<bool>()));
    }

    [Fact]
    public void An_index_that_names_a_file_elsewhere_is_refused()
    {
        Write().Dispose();
        File.Delete(Weights("diffusion_pytorch_model.safetensors"));
        File.WriteAllText(Weights("diffusion_pytorch_model.safetensors.index.json"), """{"weight_map": {"a": "../other.safetensors"}}""");

        Assert.Throws<InvalidCheckpointException>(() => ModelFolder.Open(folder).LoadVae());
    }

    [Fact]
    public void The_attention_of_an_old_file_keeps_its_names()
    {
        using var scope = NewDisposeScope();
        using var vae = Write();
        (string New, string Old)[] names = [("to_q", "query"), ("to_k", "key"), ("to_v", "value"), ("to_out.0", "proj_attn")];
        var old = vae.state_dict().ToDictionary(
            item => names.Aggregate(item.Key, (key, name) => key.Replace($".{name.New}.", $".{name.Old}.", StringComparison.Ordinal)),
            item => item.Value);
        Checkpoint.Save(old, Weights("diffusion_pytorch_model.safetensors"));

        using var loaded = ModelFolder.Open(folder).LoadVae();

        Assert.Contains(old.Keys, key => key.EndsWith("query.weight", StringComparison.Ordinal));
        Assert.True(loaded.state_dict().All(item => item.Value.equal(vae.state_dict()[item.Key]).all().item<bool>()));
    }

    [Fact]
    public void What_is_missing_is_named_with_what_to_do()
    {
        Assert.Contains("no such folder", Missing(() => ModelFolder.Open(Path.Combine(folder, "nowhere"))).Message, StringComparison.Ordinal);
        Assert.Contains("model_index.json", Missing(() => ModelFolder.Open(folder)).Message, StringComparison.Ordinal);

        Write().Dispose();
        var model = ModelFolder.Open(folder);

        Assert.Equal(Path.Combine(folder, "unet"), Missing(() => model.LoadUNet()).Path);
        Assert.Contains("it has cones", Missing(() => model.Adapter("ms-diffusion")).Message, StringComparison.Ordinal);

        File.Delete(Weights("diffusion_pytorch_model.safetensors"));
        Assert.Contains("no weights", Missing(() => model.LoadVae()).Message, StringComparison.Ordinal);
        File.Delete(Weights("config.json"));
        Assert.Equal(Weights("config.json"), Missing(() => model.LoadVae()).Path);
    }

    private static ModelNotFoundException Missing(Action open) => Assert.Throws<ModelNotFoundException>(open);

    private AutoencoderKL Write()
    {
        var vae = new AutoencoderKL(Tiny);
        var writer = new ModelWriter(folder, TensorType.F32);
        writer.Network(ModelNetwork.Vae, Tiny.ToJson(), vae);
        writer.Text("adapters/cones", "config.json", "{}");
        writer.Index("StableDiffusionPipeline", ("vae", "diffusers", "AutoencoderKL"));
        return vae;
    }

    private string Weights(string name) => Path.Combine(folder, "vae", name);
}
