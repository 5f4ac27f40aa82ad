using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Clip;
using Dramatis.TestKit;
using Dramatis.Tests.Training.Records;
using Dramatis.Training;
using Dramatis.Training.FastComposer;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.FastComposer;

/// <summary>The training on the embedded model, few and small pictures.</summary>
public sealed class FastComposerStageTests : IDisposable
{
    private static readonly string[] KeysAndValues = ["attn2.to_k", "attn2.to_v"];

    private readonly RecordFolder folder = new();
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);
    private readonly ClipVisionEncoder vision;

    public FastComposerStageTests() => vision = model.Folder.LoadImageEncoder();

    public void Dispose()
    {
        scope.Dispose();
        vision.Dispose();
        model.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_step_trains_what_is_tuned_and_nothing_else()
    {
        using var stage = Stage(layers: KeysAndValues);

        Backward(stage, Share(0, 2));

        var moved = stage.Networks.named_parameters().Where(item => item.parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0)
            .Select(item => item.name).ToArray();
        Assert.All(moved, name => Assert.True(
            name.StartsWith("postfuse_module.", StringComparison.Ordinal)
            || name.StartsWith("image_encoder.vision_model.encoder.layers.2.", StringComparison.Ordinal)
            || name.StartsWith("image_encoder.vision_model.encoder.layers.3.", StringComparison.Ordinal)
            || (name.StartsWith("unet.", StringComparison.Ordinal) && KeysAndValues.Any(layer => name.Contains(layer, StringComparison.Ordinal))), name));
        Assert.Contains(moved, name => name.StartsWith("postfuse_module.", StringComparison.Ordinal));
        Assert.Contains(moved, name => name.StartsWith("unet.", StringComparison.Ordinal));
        Assert.Contains(moved, name => name.StartsWith("image_encoder.", StringComparison.Ordinal));
        Assert.All(model.TextEncoder.parameters(), weight => Assert.Null(weight.grad));
    }

    [Fact]
    public void Recomputed_layers_give_the_same_loss_and_gradients()
    {
        using var stage = Stage();
        using var again = Stage(recompute: true);

        var (plain, gradients) = LossAndGradients(stage);
        var (loss, recomputed) = LossAndGradients(again);

        Assert.Equal(plain, loss);
        Assert.All(gradients.Zip(recomputed), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_caption_without_subjects_has_no_localisation_and_moves_no_fusing_layer()
    {
        using var stage = Stage(drop: 1);

        using var loss = stage.Loss(Share(0, 1));
        loss.Total.backward();

        Assert.Equal(0, loss[LocalizationSession.Name].item<float>());
        Assert.All(stage.Networks.named_parameters().Where(item => item.name.StartsWith("postfuse_module.", StringComparison.Ordinal)), item =>
            Assert.True(item.parameter.grad is null || item.parameter.grad.abs().max().item<float>() == 0));
    }

    [Fact]
    public void A_loss_depends_on_the_numbers_of_its_pictures_alone()
    {
        using var off = no_grad();
        using var stage = Stage();

        Assert.Equal(LossOf(stage, Share(3, 2)), LossOf(stage, Share(3, 2)));
        Assert.NotEqual(LossOf(stage, Share(3, 2)), LossOf(stage, Share(5, 2)));
    }

    [Fact]
    public void A_finished_training_is_an_adapter_that_paints()
    {
        using (var stage = Stage(layers: KeysAndValues))
        {
            Assert.True(StoppableRun.Of(stage, folder.PathOf("run"), stopAfter: null));
        }

        var painted = folder.PathOf("painted");
        Directory.CreateDirectory(painted);
        ToyboxFolder.LinkTo(painted);
        Directory.CreateDirectory(Path.Combine(painted, "adapters"));
        Directory.CreateSymbolicLink(Path.Combine(painted, "adapters", FastComposerMethod.Name), folder.PathOf("run/model/adapters/fastcomposer"));
        using var loaded = BaseModel.Load(painted);
        using var parts = FastComposerFile.Load(loaded);

        Assert.Equal(26, parts.Patch!.Changes.Count);
        Assert.NotEmpty(Directory.GetFiles(folder.PathOf("run/samples"), "*.png"));
    }

    [Slow]
    [Fact]
    public void A_stopped_training_ends_with_the_same_bits()
    {
        var whole = Run("whole", stopAfter: null);
        Run("stopped", stopAfter: 2);

        Assert.Equal(whole, Run("stopped", stopAfter: null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Blocks_that_the_denoiser_does_not_have_are_refused(int blocks)
    {
        var error = Assert.Throws<InvalidRequestException>(() => LocalizationLoss.Sites(model.UNet.Sites, blocks));

        Assert.Contains("between 1 and 9", error.Message, StringComparison.Ordinal);
    }

    private byte[] Run(string name, int? stopAfter)
    {
        using var fresh = BaseModel.Load(ToyboxFolder.Path);
        using var encoder = fresh.Folder.LoadImageEncoder();
        using var stage = Stage(fresh, encoder, KeysAndValues);
        return StoppableRun.Of(stage, folder.PathOf(name), stopAfter)
            ? File.ReadAllBytes(folder.PathOf($"{name}/model/adapters/fastcomposer/adapter.safetensors"))
            : [];
    }

    private static (float Loss, float[] Gradients) LossAndGradients(FastComposerStage stage)
    {
        stage.Networks.zero_grad();
        using var loss = stage.Loss(Share(0, 2));
        loss.Total.backward();
        return (loss.Total.item<float>(), [.. stage.Networks.parameters().Where(weight => weight.grad is not null)
            .Select(weight => weight.grad!.norm().item<float>())]);
    }

    private static void Backward(TrainingStage stage, TrainingShare share)
    {
        using var loss = stage.Loss(share);
        loss.Total.backward();
    }

    private static float LossOf(TrainingStage stage, TrainingShare share)
    {
        using var loss = stage.Loss(share);
        return loss.Total.item<float>();
    }

    private static TrainingShare Share(long first, int count) => new(new(0, 10), first, count);

    private FastComposerStage Stage(IReadOnlyList<string>? layers = null, bool recompute = false, double drop = 0) =>
        Stage(model, vision, layers, recompute, drop);

    private FastComposerStage Stage(BaseModel own, ClipVisionEncoder encoder, IReadOnlyList<string>? layers, bool recompute = false, double drop = 0)
    {
        var records = folder.Load(RecordFolder.Good).Require(skipBad: false);
        using var fixedStart = new Generator(3, CPU);
        var postfuse = new PostfuseNetwork(new(192, 192));
        using (no_grad())
        {
            foreach (var (_, weight) in postfuse.named_parameters().Where(item => item.name.Contains("fc", StringComparison.Ordinal)))
            {
                weight.copy_(randn(weight.shape, generator: fixedStart) / 14);
            }
        }

        return new(new()
        {
            Model = own,
            Networks = (postfuse, encoder),
            Source = new FastComposerSource(new RecordLabels(folder.Path, records), own.Tokenizer, new()
            {
                Seed = 5,
                Side = 64,
                ReferenceSide = encoder.Config.Side,
                DropAll = 0,
                DropSubjects = drop,
                Keep = 1,
            }),
            Config = new() { Cleaning = own.Tokenizer.Options.Cleaning },
            Seed = 5,
            Layers = layers,
            Recompute = recompute,
        });
    }
}
