using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Tests.Methods.IpAdapter;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

/// <summary>The embedded model in half precision against itself in single: with the same noise it paints the same picture, but for rounding.</summary>
public sealed class HalfPaintingTests(IpAdapterMethodTests.ToyboxWithAdapter toybox) : IClassFixture<IpAdapterMethodTests.ToyboxWithAdapter>, IDisposable
{
    // Of 255, the mean over all pixels: what networks round by, through a few steps.
    private static readonly Dictionary<Precision, double> Rounding = new() { [Precision.Fp16] = 1, [Precision.Bf16] = 4 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Precision.Fp16)]
    [InlineData(Precision.Bf16)]
    public void A_picture_is_the_same_but_for_rounding(Precision precision)
    {
        using var half = new Painter(BaseModel.Load(toybox.Folder, new() { Precision = precision }));

        Assert.All(Orders(), order => Assert.InRange(Difference(Paint(toybox.Painter, order), Paint(half, order)), 0, Rounding[precision]));
    }

    [Fact]
    public void Only_the_autoencoder_stays_in_single_precision()
    {
        using var half = BaseModel.Load(ToyboxFolder.Path, new() { Precision = Precision.Fp16 });

        Assert.Equal(ScalarType.Float16, half.Compute.Type);
        Assert.All(half.UNet.parameters(), weight => Assert.Equal(ScalarType.Float16, weight.dtype));
        Assert.All(half.TextEncoder.parameters(), weight => Assert.Equal(ScalarType.Float16, weight.dtype));
        Assert.All(half.Vae.parameters(), weight => Assert.Equal(ScalarType.Float32, weight.dtype));
    }

    [Fact]
    public void Learned_weights_come_off_again_to_the_bit()
    {
        using var half = new Painter(BaseModel.Load(ToyboxFolder.Path, new() { Precision = Precision.Fp16 }));
        var plain = new GenerationRequest { Prompt = "a dog", Size = new(64, 64), Steps = 2, Seed = 3 };
        var before = Paint(half, plain);

        var worn = Paint(half, plain with { Loras = [new(Lora(), .5)] });

        Assert.NotEqual(before, worn);
        Assert.Equal(before, Paint(half, plain));
    }

    private static IEnumerable<GenerationRequest> Orders()
    {
        var dog = new Subject { Phrase = "dog", References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Place = new(.1, .2, .6, .9) };
        var order = new GenerationRequest { Prompt = "a dog on a beach", Subjects = [dog], Method = "ms-diffusion", Size = new(128, 128), Steps = 4, Seed = 7 };
        yield return order;
        yield return order with { Layout = new() { Binding = 2 } };
        yield return order with { Layout = new() { Mode = LayoutMode.Auto, StartStep = 2 } };
        yield return order with { Method = "ip-adapter" };
        yield return order with { Subjects = [], Prompt = "a (dog:1.3)", PromptWeights = true, Image = dog.References[0], Denoise = .5 };
    }

    private static byte[] Paint(Painter painter, GenerationRequest order) =>
        painter.Paint(order, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private static double Difference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private string Lora()
    {
        const string Layer = "unet.down_blocks.2.attentions.0.transformer_blocks.0.attn2.to_k.lora";
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, "lora.safetensors");
        Checkpoint.Save(new Dictionary<string, Tensor> { [$"{Layer}.down.weight"] = ones(2, 192), [$"{Layer}.up.weight"] = ones(128, 2) }, path);
        return path;
    }
}
