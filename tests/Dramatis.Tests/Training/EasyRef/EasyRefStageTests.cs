using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.TestKit;
using Dramatis.Tests.Methods.EasyRef;
using Dramatis.Tests.Networks.Qwen2Vl;
using Dramatis.Tokenizers;
using Dramatis.Training;
using Dramatis.Training.EasyRef;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.EasyRef;

/// <summary>The stages on the embedded model, with a tiny language model and two small groups.</summary>
[Collection(nameof(EasyRefStageTests))]
[CollectionDefinition(nameof(EasyRefStageTests), DisableParallelization = true)]    // some draw the same weights twice, of everybody's generator
public sealed class EasyRefStageTests : IDisposable
{
    private const int Rank = 3;
    private const int Side = 64;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);

    public EasyRefStageTests()
    {
        TinyQwen.Write(Path.Combine(folder, "multimodal_llm"));
        foreach (var (name, colour) in new[] { ("a", new Rgb(200, 30, 30)), ("b", new(30, 200, 30)), ("c", new(30, 30, 200)) })
        {
            PictureWriter.WritePng(Path.Combine(folder, $"{name}.png"), Picture.Filled(90, 60, colour));
        }

        File.WriteAllText(Path.Combine(folder, GroupSet.FileName), """
            [{"image_file": ["b.png", "c.png"], "text": "a thing", "target": "a.png"}, {"image_file": ["a.png", "c.png"], "text": "another", "target": "b.png"}]
            """);
    }

    private ModelPart Language => ModelPart.Open(Path.Combine(folder, "multimodal_llm"));

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_stage_trains_what_it_should_and_nothing_else(int number, bool language)
    {
        using var stage = Stage(number);
        var before = model.UNet.state_dict().ToDictionary(item => item.Key, item => item.Value.clone());

        using (var loss = stage.Loss(Share(0)))
        {
            loss.Total.backward();
        }

        var moved = stage.Networks.named_parameters().Where(item => item.parameter.grad is { } gradient && gradient.abs().max().item<float>() > 0)
            .Select(item => item.name).ToList();
        Assert.Contains(moved, name => name.EndsWith("reference_tokens", StringComparison.Ordinal));
        Assert.Contains(moved, name => name.EndsWith("to_k_ip.weight", StringComparison.Ordinal));
        Assert.Equal(language, moved.Exists(name => name.Contains("multimodal_llm.visual", StringComparison.Ordinal)));
        Assert.Equal(language, moved.Exists(name => name.EndsWith("_lora_up", StringComparison.Ordinal)));
        Assert.DoesNotContain(moved, name => name.EndsWith("_lora_down", StringComparison.Ordinal));    // the other factor is 0 at first
        stage.Dispose();
        Assert.All(model.UNet.state_dict(), item => Assert.True(item.Value.Equals(before[item.Key])));
    }

    [Fact]
    public void Stages_follow_each_other_to_an_adapter_that_is_read_back()
    {
        Run(1, null, "one");
        Run(2, "one", "two");
        Run(3, "two", "three");

        using var weights = ModelPart.OpenWeights(Path.Combine(folder, "three", "model", "adapters", "easyref"));
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        using var network = EasyRefFile.LoadNetwork(checkpoint, Language, model.UNet);
        using var patch = EasyRefFile.ReadPatch(checkpoint, model, BaseWeights.Checkpoint);
        Assert.Equal(TinyEasyRef.Tokens, network.Final.Tokens);
        Assert.Equal(8 * model.UNet.Sites.Count, patch!.Changes.OfType<LowRankChange>().Count());
        Assert.All(patch.Changes.OfType<LowRankChange>(), change => Assert.Equal(Rank, change.Down.shape[0]));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(2, 1)]
    public void What_another_stage_left_is_refused(int left, int stage)
    {
        Run(1, null, "one");
        if (left == 2)
        {
            Run(2, "one", "two");
        }

        if (left == 1 && stage == 1)
        {
            Stage(1, "one").Dispose();    // goes on
            return;
        }

        var error = Assert.Throws<InvalidCheckpointException>(() => Stage(stage, left == 1 ? "one" : "two").Dispose());
        Assert.Contains(left == 1 ? "train stage 2 first" : "changes of low rank", error.Message, StringComparison.Ordinal);
    }

    [Slow]
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_stopped_training_ends_with_the_same_bits(int number)
    {
        var start = number == 1 ? null : "one";
        if (start is not null)
        {
            Run(1, null, start);
        }

        // What is drawn at the start is read back from the checkpoint, so that both begin with the same here.
        manual_seed(7);
        var whole = Run(number, start, "whole");
        manual_seed(7);
        Assert.Null(Run(number, start, "stopped", stopAfter: 2));

        Assert.Equal(whole, Run(number, start, "stopped"));
    }

    [Fact]
    public void Recomputed_layers_give_the_same_gradients()
    {
        manual_seed(7);
        using var plain = Stage(1);
        manual_seed(7);
        using var again = Stage(1, recompute: true);

        var (first, second) = (Gradients(plain), Gradients(again));

        Assert.All(first.Zip(second), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains(first, norm => norm > 0);
    }

    [Theory]
    [InlineData(GroupAggregation.Tokens, 1)]
    [InlineData(GroupAggregation.Average, 1)]
    [InlineData(GroupAggregation.Joined, 2)]
    public void Pictures_come_together_as_is_asked_for(GroupAggregation aggregation, int times)
    {
        using var off = no_grad();
        using var network = EasyRefStart.New(model, Language, TinyEasyRef.Tokens).Network;
        var chat = QwenChat.FromFolder(Language.Folder);
        string[] names = ["a.png", "b.png"];
        var pictures = names.Select(name => VisionPatches.Of(PictureReader.Read(Path.Combine(folder, name)), 56)).ToList();
        using var group = GroupBatch.Of([(pictures, "a thing")], chat, aggregation, length: null);

        var tokens = group.Encode(network, FinalAttention.Causal, aggregation);

        Assert.Equal([1, times * TinyEasyRef.Tokens, model.UNet.Config.TextWidth], tokens.shape);
        if (aggregation != GroupAggregation.Tokens)
        {
            var each = pictures.Select(picture =>
            {
                using var one = GroupBatch.Of([([Copy(picture)], "a thing")], chat, GroupAggregation.Tokens, length: null);
                return one.Encode(network, FinalAttention.Causal, GroupAggregation.Tokens);
            }).ToList();
            var expected = aggregation == GroupAggregation.Joined ? cat(each, dim: 1) : (each[0] + each[1]) / 2;
            Assert.True(tokens.allclose(expected, rtol: 1e-4, atol: 1e-5));
        }

        static VisionPatches Copy(VisionPatches picture) => picture with { Pixels = picture.Pixels.clone() };
    }

    [Fact]
    public void A_conversation_longer_than_a_stage_reads_is_refused()
    {
        var chat = QwenChat.FromFolder(Language.Folder);

        var error = Assert.Throws<InvalidDataSetException>(() => GroupText.Pad([chat.Say([4], new string('x', 400))], chat, 256));

        Assert.Contains("this stage reads 256; shorten it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_language_model_that_lacks_a_weight_is_named()
    {
        var file = Directory.GetFiles(Language.Folder, "*.safetensors")[0];
        using (var weights = SafetensorsFile.Open(file))
        {
            var some = weights.Tensors.Keys.Where(name => !name.EndsWith("norm.weight", StringComparison.Ordinal)).ToDictionary(name => name, name => weights.ToTensor(name).clone());
            Checkpoint.Save(some, file + ".new");
        }

        File.Move(file + ".new", file, overwrite: true);

        Assert.Throws<WeightMismatchException>(() => EasyRefStart.New(model, Language));
    }

    private static TrainingShare Share(long first) => new(new(0, 1), first, 1);

    private static List<float> Gradients(EasyRefStage stage)
    {
        using var loss = stage.Loss(Share(3));
        loss.Total.backward();
        return [.. stage.Networks.parameters().Select(weight => weight.grad is { } gradient ? gradient.norm().item<float>() : 0)];
    }

    private string? Run(int number, string? start, string output, int? stopAfter = null)
    {
        using var stage = Stage(number, start);
        var path = Path.Combine(folder, output);
        var file = Path.Combine(path, "model", "adapters", "easyref", "adapter.safetensors");
        var ended = StoppableRun.Of(stage, path, stopAfter, StoppableRun.Options with { Optimizer = new() { WeightDecay = 0 } });
        return ended ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))) : null;
    }

    private EasyRefStage Stage(int number, string? start = null, bool recompute = false)
    {
        var options = new GroupOptions { Seed = 3, Side = Side, ReferenceSide = 56, Square = number < 3, MostReferences = number < 3 ? 1 : 28 };
        return new(new()
        {
            Model = model,
            Start = start is null
                ? EasyRefStart.New(model, Language, TinyEasyRef.Tokens)
                : EasyRefStart.From(Path.Combine(folder, start, "model"), model, Language, number),
            Stage = number,
            Chat = QwenChat.FromFolder(Language.Folder),
            Records = GroupSet.Load(folder, 56, skipBad: false),
            Options = options,
            Config = new() { Side = 56 },
            Rank = Rank,
            Recompute = recompute,
        });
    }
}
