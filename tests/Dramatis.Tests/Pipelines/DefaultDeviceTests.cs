using Dramatis.Checkpoints;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.TestKit;
using Dramatis.Tensors;
using Dramatis.Tests.Methods.IpAdapter;
using Dramatis.Tests.Networks;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

/// <summary>No tensor is made without saying on which device: found without another device than the processor.</summary>
/// <remarks>
/// Everything runs twice, the second time with libtorch's meta device as the default, on which tensors have no values: whatever names no device
/// lies there, and what it meets fails or comes out otherwise. (The other way round, all on meta, libtorch without Python cannot convolve.)
/// </remarks>
public sealed class DefaultDeviceTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly List<IDisposable> opened = [];

    public void Dispose()
    {
        opened.ForEach(item => item.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    [Slow]
    [Fact]
    public Task Nothing_is_made_on_the_default_device() => OwnProcess.RunAsync(
        nameof(A_process_whose_default_device_has_no_values), new Dictionary<string, string>());

    // Run in a process of its own by the test above: the default device is one for all threads.
    [Fact(Explicit = true)]
    public void A_process_whose_default_device_has_no_values()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        (string Name, Func<IReadOnlyList<byte[]>> Run)[] works = [.. Networks(), .. Pictures()];
        var expected = works.Select(work => work.Run()).ToArray();

        set_default_device(META);

        Assert.All([zeros(2), full(2, 1.0), arange(2), tensor(.5f), eye(2), randn(2)], made => Assert.Equal(DeviceType.META, made.device_type));
        string[] problems = [.. works.Zip(expected, (work, result) => Problem(work.Name, work.Run, result)).OfType<string>()];
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    private static string? Problem(string name, Func<IReadOnlyList<byte[]>> run, IReadOnlyList<byte[]> expected)
    {
        try
        {
            return run().Zip(expected).All(pair => pair.First.SequenceEqual(pair.Second)) ? null : $"{name} comes out otherwise";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"{name} fails in {e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Dramatis.", StringComparison.Ordinal))}: "
                + $"{e.Message.Split('\n')[0]}";
        }
    }

    private IEnumerable<(string Name, Func<IReadOnlyList<byte[]>> Run)> Networks()
    {
        var processor = new Compute(CPU, ScalarType.Float32);
        foreach (var (name, tiny) in TinyNetworks.All)
        {
            var network = tiny.Build();
            opened.Add(network);
            yield return (name, () =>
            {
                using var scope = NewDisposeScope();
                using var inputs = new TinyInputs(processor);
                return [.. tiny.Run(network, inputs).Select(result => result.contiguous().bytes.ToArray())];
            }
            );
        }
    }

    private IEnumerable<(string Name, Func<IReadOnlyList<byte[]>> Run)> Pictures()
    {
        var toybox = new IpAdapterMethodTests.ToyboxWithAdapter();
        opened.Add(toybox);
        foreach (var (name, request) in Orders(toybox))
        {
            yield return (name, () => Paint(toybox.Painter, request with { Size = new(64, 64), Steps = 2 }));
        }

        if (GoldenData.Root is { } golden)
        {
            var sdxl = new Painter(BaseModel.Load(Path.Combine(golden, "pipelines", "models", "sdxl")));
            opened.Add(sdxl);
            yield return ("sdxl", () => Paint(sdxl, new() { Prompt = "a dog", Size = new(64, 64), Steps = 2, Seed = 3 }));
        }
    }

    private IEnumerable<(string Name, GenerationRequest Request)> Orders(IpAdapterMethodTests.ToyboxWithAdapter toybox)
    {
        var dog = new Subject { Phrase = "dog", References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Place = new(.1, .2, .6, .9) };
        var plain = new GenerationRequest { Prompt = "a dog on a beach", Seed = 7 };
        var ms = plain with { Subjects = [dog], Method = "ms-diffusion" };
        var learned = dog with { References = [], Learned = [Residual()], Start = .1 };
        var mask = Mask();

        yield return ("boxes", ms);
        yield return ("auto", ms with { Layout = new() { Mode = LayoutMode.Auto, StartStep = 2 } });
        yield return ("whole", ms with { Layout = new() { Mode = LayoutMode.Whole, Grounding = false } });
        yield return ("binding", ms with { Layout = new() { Binding = 2 } });
        yield return ("found", ms with { Subjects = [dog with { Place = null }] });
        yield return ("ip-adapter", ms with { Method = "ip-adapter" });
        yield return ("ip-adapter-mask", ms with { Method = "ip-adapter", Subjects = [dog with { Place = null, PlaceMask = mask }] });
        yield return ("cones2", plain with { Subjects = [learned] });
        yield return ("cones2-mask", plain with { Subjects = [learned with { Place = null, PlaceMask = mask }] });
        yield return ("two-methods", ms with { Prompt = "a dog and a beach", Subjects = [dog, learned with { Phrase = "beach" }] });
        yield return ("guidance-file", plain with { Layout = new() { File = Guidance() } });
        yield return ("text", plain with
        {
            Prompt = "a (dog:1.3)",
            PromptWeights = true,
            LongPrompt = true,
            NegativePrompt = "rain",
            GuidanceRescale = .7,
            Guidance = 4
        });
        yield return ("image", plain with { Image = dog.References[0], Denoise = .6 });
        yield return ("mask", plain with { Image = mask, Mask = mask, VaeTiling = true });
        yield return ("lora", plain with { Loras = [new(Lora(toybox), .5)] });
        yield return ("control", plain with { Controls = [new() { Model = ControlNet(toybox), Picture = mask, Guess = true, SeesSubjects = true }] });
        foreach (var sampler in SamplerKinds.All)
        {
            yield return (sampler, plain with { Sampler = sampler });
        }
    }

    private static IReadOnlyList<byte[]> Paint(Painter painter, GenerationRequest request)
    {
        var previews = new List<byte[]>();
        return [painter.Paint(request, new() { Preview = (_, look) => previews.Add(look.Rgba) }, TestContext.Current.CancellationToken).Rgba, .. previews];
    }

    private Reference Mask()
    {
        var path = Path.Combine(folder, "mask.png");
        var rgb = Enumerable.Range(0, 64 * 64).SelectMany(i => Enumerable.Repeat(i % 64 < 40 ? (byte)255 : (byte)0, 3)).ToArray();
        File.WriteAllBytes(path, PictureWriter.EncodePng(Picture.FromRgb(rgb, new(64, 64))));
        return Reference.FromFile(path);
    }

    private string Residual()
    {
        var path = Path.Combine(folder, "dog.pt");
        Dramatis.Methods.Residual.Write(path, ones(1, 192));
        return path;
    }

    private string Guidance()
    {
        Mask();
        var path = Path.Combine(folder, "guidance.json");
        File.WriteAllText(path, """
            [{"prompt": "a dog on a beach", "residual_dict": {}, "subject_list": [], "color_context": {"255,255,255": ["dog", 2.5]}, "layout": "mask.png"}]
            """);
        return path;
    }

    private string Lora(IpAdapterMethodTests.ToyboxWithAdapter toybox)
    {
        const string Layer = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k";
        using var model = BaseModel.Load(toybox.Folder);
        var shape = model.UNet.get_parameter($"{Layer}.weight")!.shape;
        var path = Path.Combine(folder, "lora.safetensors");
        Checkpoint.Save(
            new Dictionary<string, Tensor> { [$"unet.{Layer}.lora.down.weight"] = ones(2, shape[1]), [$"unet.{Layer}.lora.up.weight"] = ones(shape[0], 2) },
                path, TensorType.F32);
        return path;
    }

    private string ControlNet(IpAdapterMethodTests.ToyboxWithAdapter toybox)
    {
        using var model = BaseModel.Load(toybox.Folder);
        var config = new Dramatis.Networks.ControlNet.ControlNetConfig { Blocks = model.UNet.Config, ConditionWidths = [4, 8, 8, 8] };
        using var network = new Dramatis.Networks.ControlNet.ControlNet(config);
        var own = Directory.CreateDirectory(Path.Combine(folder, "controlnet")).FullName;
        File.WriteAllText(Path.Combine(own, "config.json"), config.ToJson());
        Checkpoint.Save(network, Path.Combine(own, "diffusion_pytorch_model.safetensors"));
        return own;
    }
}
