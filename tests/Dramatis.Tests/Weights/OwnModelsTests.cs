using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Methods.Catalog;
using Dramatis.Networks.Clip;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;
using static TorchSharp.torch;

namespace Dramatis.Tests.Weights;

/// <summary>Adapters and encoders as they are published, beside a model in a folder or in one file.</summary>
public sealed class OwnModelsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private static string Models
    {
        get
        {
            Assert.SkipWhen(GoldenData.Root is null, "no golden data");
            return Path.Combine(GoldenData.Root!, "ip-adapter", "models");
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("ip-adapter_sd15.bin")]
    [InlineData("ip-adapter-full-face_sd15.bin")]
    public void An_adapter_s_file_goes_with_a_folder_and_paints_as_it_does_inside_it(string file)
    {
        var whole = CopyOf("sd15");
        Copy(Path.Combine(Models, "image_encoder"), Path.Combine(whole, "image_encoder"));
        Directory.CreateDirectory(Path.Combine(whole, "adapters", "ip-adapter"));
        File.Copy(Path.Combine(Models, file), Path.Combine(whole, "adapters", "ip-adapter", file));

        var inside = Paint(whole, new());

        Assert.Equal(inside, Paint(Path.Combine(Models, "sd15"), new() { Adapters = [Path.Combine(Models, file)] }));
        Assert.Equal(inside, Paint(CopyOf("sd15"), new()
        {
            Adapters = [CopyOfFile(file)],
            ImageEncoder = Path.Combine(Models, "image_encoder", "model.safetensors"),
        }));
    }

    [Fact]
    public void What_weights_do_not_say_stands_beside_them_under_their_name()
    {
        var file = CopyOfFile("ip-adapter-plus_sd15.safetensors");
        var loading = new ModelLoading { Adapters = [file], ImageEncoder = Path.Combine(Models, "image_encoder") };

        var error = Assert.Throws<InvalidCheckpointException>(() => Paint(Path.Combine(Models, "sd15"), loading));
        Assert.Contains("\"dim_head\"", error.Message, StringComparison.Ordinal);

        File.WriteAllText(Path.ChangeExtension(file, ".json"), """{"method": "ip-adapter", "dim_head": 8}""");
        Assert.NotEmpty(Paint(Path.Combine(Models, "sd15"), loading));
    }

    [Fact]
    public void A_name_of_the_catalogue_may_stand_for_a_model_with_its_adapter()
    {
        var catalog = new ModelCatalog(ToyboxFolder.Path, Path.Combine(folder, "catalog"));
        var adapter = Path.Combine(Models, "ip-adapter_sd15.bin");

        var entry = catalog.Add("mine", Path.Combine(Models, "sd15"), new ModelLoading { Adapters = [adapter] }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["text-to-image", "ip-adapter"], entry.Contents.Can);
        Assert.Equal([adapter], entry.Adapters);
        Assert.Null(catalog.Entries[^1].Problem(TestContext.Current.CancellationToken));
        Assert.Equal(adapter, Assert.Single(catalog.LoadingOf("mine", new()).Adapters));
        Assert.Empty(catalog.LoadingOf(null, new()).Adapters);
    }

    [Fact]
    public void What_is_no_adapter_says_what_it_is()
    {
        var lora = Save("lora", "lora_unet_conv_in.lora_down.weight");
        var strange = Save("strange", "a.b.c");

        Assert.Contains("--lora", Refusal<InvalidCheckpointException>(lora), StringComparison.Ordinal);
        Assert.Contains("no adapter of a method", Refusal<InvalidCheckpointException>(strange), StringComparison.Ordinal);
        Assert.Contains("nowhere.bin", Refusal<ModelNotFoundException>(Path.Combine(folder, "nowhere.bin")), StringComparison.Ordinal);
        Assert.Contains("a second adapter for ip-adapter", Refusal<InvalidCheckpointException>(
            Path.Combine(Models, "ip-adapter_sd15.bin"), Path.Combine(Models, "ip-adapter-b_sd15.safetensors")), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_adapter_names_a_method_that_there_is()
    {
        var named = AdapterKinds.All.Select(rule => rule.Method).OfType<string>().Distinct().ToArray();

        Assert.Contains("ip-adapter", named);
        Assert.All(named, name => Assert.Contains(MethodCatalog.All, method => method.Name == name));
    }

    [Theory]
    [InlineData(768, 12, true)]
    [InlineData(1024, 16, true)]
    [InlineData(1280, 16, false)]
    [InlineData(1664, 16, false)]
    public void An_encoder_without_settings_has_those_of_the_published_one_of_its_width(int width, int heads, bool quick)
    {
        using var scope = NewDisposeScope();
        var config = new ClipVisionConfig
        {
            Tower = new() { Width = width, Layers = 1, Heads = heads, InnerWidth = 8, QuickGelu = quick },
            Patch = 4,
            Side = 12,
            Projection = 6,
        };
        using var encoder = new ClipVisionEncoder(config);
        var file = Path.Combine(folder, "clip.safetensors");
        Checkpoint.Save(encoder, file);

        Assert.Equal(config, ClipVisionConfig.Parse(ImageEncoderFile.Part(file, new()).ReadConfig()));
        Assert.Equal(config, ClipVisionConfig.Parse(ImageEncoderFile.Part(folder, new()).ReadConfig()));
    }

    [Fact]
    public void An_encoder_that_nobody_published_wants_its_settings()
    {
        using var scope = NewDisposeScope();
        var config = new ClipVisionConfig { Tower = new() { Width = 16, Layers = 1, Heads = 2, InnerWidth = 8 }, Patch = 4, Side = 12, Projection = 6 };
        using var encoder = new ClipVisionEncoder(config);
        var file = Path.Combine(folder, "clip.safetensors");
        Checkpoint.Save(encoder, file);

        Assert.Contains("config.json", Assert.Throws<InvalidCheckpointException>(() => ImageEncoderFile.Part(file, new())).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJson());
        Assert.Equal(config, ClipVisionConfig.Parse(ImageEncoderFile.Part(file, new()).ReadConfig()));

        var text = Save("text", LayerNames.TokenTable);
        var refusal = Assert.Throws<InvalidCheckpointException>(() => ImageEncoderFile.Part(text, new()));
        Assert.Contains("CLIP text encoder", refusal.Message, StringComparison.Ordinal);
    }

    private static string Refusal<T>(params string[] adapters)
        where T : DramatisException =>
        Assert.Throws<T>(() => ModelFolder.Open(Path.Combine(Models, "sd15"), new() { Adapters = adapters }).Adapters).Message;

    private static byte[] Paint(string model, ModelLoading loading)
    {
        using var painter = new Painter(BaseModel.Load(model, loading));
        return painter.Paint(
            new GenerationRequest
            {
                Prompt = "a dog",
                Size = new(64, 64),
                Steps = 2,
                Seed = 3,
                Subjects = [new() { Phrase = "dog", References = [Reference.FromFile(Path.Combine(Models, "references", "0.png"))] }],
            },
            cancellationToken: TestContext.Current.CancellationToken).Rgba;
    }

    private string CopyOfFile(string name)
    {
        var copy = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "adapter")).FullName, name);
        File.Copy(Path.Combine(Models, name), copy, overwrite: true);
        return copy;
    }

    private string CopyOf(string model)
    {
        var copy = Path.Combine(folder, Path.GetRandomFileName());
        Copy(Path.Combine(Models, model), copy);
        return copy;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private string Save(string name, string tensor)
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, $"{name}.safetensors");
        Checkpoint.Save(new Dictionary<string, Tensor> { [tensor] = ones(2, 2) }, path);
        return path;
    }
}
