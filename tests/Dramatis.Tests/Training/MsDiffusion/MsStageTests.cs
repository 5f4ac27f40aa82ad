using Dramatis.Tests.Training.Records;
using Dramatis.Training;
using Dramatis.Training.MsDiffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.MsDiffusion;

/// <summary>The training on the embedded model, few and small pictures.</summary>
public sealed class MsStageTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private readonly RecordFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_step_trains_the_adapter_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var stage = Stage();
        var before = toybox.Model.UNet.Sites[0].Path + ".to_k.weight";
        var frozen = toybox.Model.UNet.state_dict()[before].clone();

        Backward(stage, Share(0, 2));

        Assert.All(
            stage.Networks.named_parameters().Where(item => item.name != "dummy_image_tokens" && item.name != "image_proj.grounding_latents"),
            item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0, item.name));
        Assert.All(toybox.Model.UNet.parameters(), weight => Assert.Null(weight.grad));
        Assert.True(frozen.equal(toybox.Model.UNet.state_dict()[before]).all().item<bool>());
    }

    [Fact]
    public void Image_projections_start_as_those_of_the_text()
    {
        using var scope = NewDisposeScope();
        using var adapter = MsAdapterStart.New(toybox.Model, toybox.Vision.Config);

        var weights = adapter.state_dict();

        var own = toybox.Model.UNet.state_dict();
        Assert.All(toybox.Model.UNet.Sites, site => Assert.True(
            own[$"{site.Path}.to_v.weight"].equal(weights[$"ms_adapter.{(2 * site.Index) + 1}.to_v_ip.weight"]).all().item<bool>()));
    }

    [Fact]
    public void A_loss_depends_on_the_numbers_of_its_pictures_alone_and_not_on_the_cache()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var adapter = MsAdapterStart.New(toybox.Model, toybox.Vision.Config);
        using var stage = Stage(adapter);
        using var cached = Stage(adapter, new EncodingCache(folder.PathOf("cache"), "toybox"));

        var loss = LossOf(stage, Share(3, 2));

        Assert.Equal(loss, LossOf(stage, Share(3, 2)));
        Assert.Equal(loss, LossOf(cached, Share(3, 2)));
        Assert.NotEmpty(Directory.GetFiles(folder.PathOf("cache")));
        Assert.Equal(loss, LossOf(cached, Share(3, 2)));
        Assert.NotEqual(loss, LossOf(stage, Share(5, 2)));
    }

    [Fact]
    public void Recomputed_layers_give_the_same_gradients()
    {
        using var scope = NewDisposeScope();
        var adapter = MsAdapterStart.New(toybox.Model, toybox.Vision.Config);
        using var plain = Stage(adapter);
        using var saving = Stage(adapter, recompute: true);
        const string Name = "ms_adapter.1.to_v_ip.weight";

        Backward(plain, Share(0, 2));
        var expected = adapter.get_parameter(Name)!.grad!.clone();
        adapter.zero_grad();
        Backward(saving, Share(0, 2));

        var difference = (expected - adapter.get_parameter(Name)!.grad!).abs().max().item<float>();
        Assert.True(difference <= 1e-5f * expected.abs().max().item<float>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Frozen_networks_held_as_stored_give_the_same_loss_and_gradients(bool recompute)
    {
        using var scope = NewDisposeScope();
        using var narrow = new ToyboxModel(WeightStorage.AsStored);
        var adapter = MsAdapterStart.New(toybox.Model, toybox.Vision.Config);
        using var wide = Stage(adapter, recompute: recompute);
        using var held = Stage(adapter, recompute: recompute, model: narrow);

        var (loss, gradient) = Step(wide);

        Assert.Equal(ScalarType.Float16, narrow.Model.UNet.state_dict()["conv_in.weight"].dtype);
        var (ours, other) = Step(held);
        Assert.Equal(loss, ours);
        Assert.True((gradient - other).abs().max().item<float>() <= 1e-5f * gradient.abs().max().item<float>());

        (float Loss, Tensor Gradient) Step(MsStage stage)
        {
            adapter.zero_grad();
            using var error = stage.Loss(Share(0, 2));
            error.Total.backward();
            return (error.Total.item<float>(), adapter.get_parameter("ms_adapter.1.to_v_ip.weight")!.grad!.clone());
        }
    }

    [Fact]
    public void A_stopped_training_ends_with_the_same_bits_and_its_adapter_loads()
    {
        var start = folder.PathOf("start");
        using (var first = Stage())
        {
            first.Export(start);
        }

        var whole = Run("whole", start, stopAfter: null);
        Run("stopped", start, stopAfter: 2);

        Assert.Equal(whole, Run("stopped", start, stopAfter: null));
        using var adapter = MsAdapterStart.From(folder.PathOf("whole/model"), toybox.Model, toybox.Vision.Config);
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using (var stage = Stage())
        {
            Step(stage);
            DisposeScopeManager.Statistics.Reset();
            Step(stage);

            Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        static void Step(MsStage stage)
        {
            using var scope = NewDisposeScope();
            Backward(stage, Share(0, 1));
            stage.Networks.zero_grad();
        }
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

    private byte[] Run(string name, string start, int? stopAfter)
    {
        using var stage = Stage(MsAdapterStart.From(start, toybox.Model, toybox.Vision.Config));
        return StoppableRun.Of(stage, folder.PathOf(name), stopAfter)
            ? File.ReadAllBytes(folder.PathOf($"{name}/model/adapters/ms-diffusion/adapter.safetensors"))
            : [];
    }

    private MsStage Stage(Dramatis.Methods.MsDiffusion.MsDiffusionAdapter? adapter = null, EncodingCache? cache = null, bool recompute = false,
        ToyboxModel? model = null) => new(new()
        {
            Records = folder.Load(RecordFolder.Good, new Dictionary<string, object?>(RecordFolder.Good) { ["text"] = "a dog" }).Require(skipBad: false),
            Encoders = new((model ?? toybox).Model, (model ?? toybox).Vision, penultimateFeatures: true),
            Adapter = adapter ?? MsAdapterStart.New(toybox.Model, toybox.Vision.Config),
            Side = 64,
            Seed = 5,
            Cache = cache,
            Recompute = recompute,
        });
}
