using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;
using Dramatis.Tests.Training.Records;
using Dramatis.Training;
using Dramatis.Training.IpAdapter;
using Dramatis.Training.Records;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.IpAdapter;

/// <summary>The training on the embedded model, few and small pictures.</summary>
public sealed class IpStageTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private static readonly IpAdapterSizes Small = new() { Source = TokenSource.Resampler, Width = 64, Depth = 1, Tokens = 4 };

    private readonly RecordFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(TokenSource.Embedding, false)]
    [InlineData(TokenSource.Resampler, false)]
    [InlineData(TokenSource.Resampler, true)]
    public void A_step_trains_the_adapter_and_nothing_else(Enum kind, bool regions)
    {
        using var scope = NewDisposeScope();
        using var stage = Stage(New(Small with { Source = (TokenSource)kind }), regions);
        var name = toybox.Model.UNet.Sites[0].Path + ".to_k.weight";
        var frozen = toybox.Model.UNet.state_dict()[name].clone();

        Backward(stage, Share(0, 2));

        Assert.All(stage.Networks.named_parameters(), item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0, item.name));
        Assert.All(toybox.Model.UNet.parameters(), weight => Assert.Null(weight.grad));
        Assert.True(frozen.equal(toybox.Model.UNet.state_dict()[name]).all().item<bool>());
    }

    [Fact]
    public void Image_projections_start_as_those_of_the_text()
    {
        using var scope = NewDisposeScope();
        using var adapter = New(Small);

        var weights = adapter.state_dict();

        var own = toybox.Model.UNet.state_dict();
        Assert.All(toybox.Model.UNet.Sites, site => Assert.True(
            own[$"{site.Path}.to_k.weight"].equal(weights[$"ip_adapter.{site.LayerNumber}.to_k_ip.weight"]).all().item<bool>()));
    }

    [Fact]
    public void Twenty_steps_on_one_batch_lower_its_loss()
    {
        using var scope = NewDisposeScope();
        using var stage = Stage(New(Small));
        using var optimizer = new AdamW(stage.Networks, new());
        using var team = new WorkerTeam(1);
        var losses = new List<float>();

        for (var i = 0; i < 20; i++)
        {
            using var step = NewDisposeScope();
            using var loss = stage.Loss(Share(0, 2));
            loss.Total.backward();
            losses.Add(loss.Total.item<float>());
            optimizer.Gather(isLast: true);
            optimizer.Step(team, 1, new(1e-3, 1, 1));
        }

        Assert.True(losses[^1] < losses[0], $"{losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_loss_depends_on_the_numbers_of_its_pictures_alone_and_not_on_the_cache(bool regions)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var adapter = New(Small);
        using var stage = Stage(adapter, regions);
        using var cached = Stage(adapter, regions, new EncodingCache(folder.PathOf("cache"), "toybox"));

        var loss = LossOf(stage, Share(3, 2));

        Assert.Equal(loss, LossOf(stage, Share(3, 2)));
        Assert.Equal(loss, LossOf(cached, Share(3, 2)));
        Assert.NotEmpty(Directory.GetFiles(folder.PathOf("cache")));
        Assert.Equal(loss, LossOf(cached, Share(3, 2)));
        Assert.NotEqual(loss, LossOf(stage, Share(5, 2)));
    }

    [Fact]
    public void A_stopped_training_ends_with_the_same_bits_and_its_adapter_loads()
    {
        var start = folder.PathOf("start");
        using (var first = Stage(New(Small)))
        {
            first.Export(start);
        }

        var whole = Run("whole", start, stopAfter: null);
        Run("stopped", start, stopAfter: 2);

        Assert.Equal(whole, Run("stopped", start, stopAfter: null));
        using var adapter = IpAdapterStart.From(folder.PathOf("whole/model"), toybox.Model, toybox.Vision);
        Assert.NotEmpty(Directory.GetFiles(folder.PathOf("whole/samples"), "*.png"));
    }

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using (var stage = Stage(New(Small), regions: true))
        {
            Step(stage);
            DisposeScopeManager.Statistics.Reset();
            Step(stage);

            Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        static void Step(IpStage stage)
        {
            using var scope = NewDisposeScope();
            Backward(stage, Share(0, 1));
            stage.Networks.zero_grad();
        }
    }

    [Fact]
    public void Starts_that_do_not_fit_are_refused()
    {
        Assert.Contains("multiple", Assert.Throws<InvalidRequestException>(() => New(Small with { Width = 100 })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidRequestException>(() => New(Small with { Tokens = 0 }));
        Assert.Throws<InvalidRequestException>(() => New(Small with { Depth = 0 }));
        Assert.Contains(
            "adapters/ip-adapter", Assert.Throws<ModelNotFoundException>(() => IpAdapterStart.From(folder.Path, toybox.Model, toybox.Vision)).Message,
                StringComparison.Ordinal);

        using (var other = New(Small, toybox.Vision.Config with { Tower = toybox.Vision.Config.Tower with { Width = 60 } }))
        using (var stage = Stage(other))
        {
            stage.Export(folder.PathOf("other"));
        }

        Assert.Contains(
            "reads features of width 60",
            Assert.Throws<InvalidCheckpointException>(() => IpAdapterStart.From(folder.PathOf("other"), toybox.Model, toybox.Vision)).Message,
            StringComparison.Ordinal);
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

    private IpAdapterNetwork New(IpAdapterSizes sizes, Dramatis.Networks.Clip.ClipVisionConfig? vision = null) =>
        IpAdapterStart.New(toybox.Model, vision ?? toybox.Vision.Config, sizes);

    private byte[] Run(string name, string start, int? stopAfter)
    {
        using var stage = Stage(IpAdapterStart.From(start, toybox.Model, toybox.Vision));
        return StoppableRun.Of(stage, folder.PathOf(name), stopAfter)
            ? File.ReadAllBytes(folder.PathOf($"{name}/model/adapters/ip-adapter/adapter.safetensors"))
            : [];
    }

    private IpStage Stage(IpAdapterNetwork adapter, bool regions = false, EncodingCache? cache = null) => new(toybox.Model, adapter, new IpRecordSource(new()
    {
        Records = folder.Load(RecordFolder.Good, new Dictionary<string, object?>(RecordFolder.Good) { ["text"] = "a dog" }).Require(skipBad: false),
        Model = toybox.Model,
        Vision = toybox.Vision,
        Adapter = adapter.Config,
        Side = 64,
        Seed = 5,
        Regions = regions,
        Cache = cache,
    }));
}
