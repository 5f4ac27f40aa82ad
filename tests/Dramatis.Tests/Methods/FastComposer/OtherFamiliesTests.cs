using Dramatis.Methods.FastComposer;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tests.Verification;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.FastComposer;

/// <summary>FastComposer on networks that no checkpoint is published for: shapes, with random weights.</summary>
public sealed class OtherFamiliesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("sd15")]
    [InlineData("sd21-v")]
    [InlineData("sdxl")]
    public void A_subject_changes_the_picture_and_the_base_stays(string family)
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        LinkTo(Path.Combine(GoldenData.Root!, "pipelines", "models", family));
        using var painter = new Painter(BaseModel.Load(folder));
        var request = new GenerationRequest
        {
            Prompt = "a photo of a cat on grass",
            Subjects = [new() { Phrase = "cat", References = [Reference.FromFile(Repository.SubjectPicture("dog"))], Start = 0 }],
            Method = FastComposerMethod.Name,
            Size = new(64, 64),
            Steps = 3,
            Seed = 3,
        };
        var plain = request with { Subjects = [], Method = null };

        var before = Paint(plain);
        var shown = Paint(request);

        Assert.NotEqual(before, shown);
        Assert.NotEqual(shown, Paint(request with { Subjects = [request.Subjects[0] with { References = [Reference.FromFile(Repository.SubjectPicture("tiger"))] }] }));
        Assert.Equal(before, Paint(request with { Subjects = [request.Subjects[0] with { Start = 1 }] }));
        Assert.Equal(before, Paint(plain));

        byte[] Paint(GenerationRequest one) => painter.Paint(one, cancellationToken: TestContext.Current.CancellationToken).Rgba;
    }

    // Fusing layers alone, as wide as the model's text, and the embedded model's image encoder.
    private void LinkTo(string model)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(model))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(entry)), entry);
        }

        Directory.CreateSymbolicLink(Path.Combine(folder, "image_encoder"), Path.Combine(ToyboxFolder.Path, "image_encoder"));
        var own = Directory.CreateDirectory(Path.Combine(folder, "adapters", FastComposerMethod.Name)).FullName;
        File.WriteAllText(Path.Combine(own, "config.json"), new FastComposerConfig { Cleaning = default }.ToJson());
        using var scope = NewDisposeScope();
        using var bare = BaseModel.Load(folder);
        using var random = new Generator(5, CPU);
        using var fusing = new PostfuseNetwork(new(bare.UNet.Config.TextWidth, 192));
        Checkpoint.Save(
            fusing.state_dict().ToDictionary(
                item => $"postfuse_module.{item.Key}", item => item.Value.dim() == 1 ? item.Value.clone() : randn(item.Value.shape, generator: random)),
            Path.Combine(own, "adapter.safetensors"));
    }
}
