using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Tests.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class WordsStageTests : IDisposable
{
    private const string LastLayer = "image_encoder.vision_model.encoder.layers.3.mlp.fc1.weight";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void FastComposer_learns_what_words_mean_to_the_prior_and_nothing_else_changes()
    {
        using var scope = NewDisposeScope();
        var start = folder.CreateSubdirectory("start").FullName;
        ToyboxFolder.LinkWithPriorTo(start);
        using var network = new PostfuseNetwork(new(192, 192));
        var before = network.state_dict().ToDictionary(item => $"postfuse_module.{item.Key}", item => item.Value.clone());
        new ModelWriter(start).Adapter(FastComposerMethod.Name, new FastComposerConfig { MostSubjects = 3, Cleaning = default }.ToJson(), before);
        using var stage = new WordsStage(BenchBank.Bank, ModelFolder.Open(start), seed: 1, views: 1);
        var options = new TrainerOptions { Steps = 20, Batch = 64, LearningRate = 1e-3, Workers = 1, EvaluateEvery = 100, EmaDecay = .5 };
        var first = Loss(stage);
        var output = folder.CreateSubdirectory("out").FullName;

        new Trainer(stage, options, output).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Loss(stage) < first);
        Assert.Equal(["explained", "right", "right_top5"], stage.Evaluate(new(0, 1), output).Keys);
        var adapter = new AdapterPart(Path.Combine(output, Trainer.ModelFolder, ModelFolder.AdapterName(FastComposerMethod.Name)));
        var config = FastComposerConfig.Read(adapter.Settings()!);
        Assert.Equal((3, true), (config.MostSubjects, config.IsImagined));
        using var weights = adapter.OpenWeights();
        Assert.Superset(before.Keys.ToHashSet(), weights.Tensors.Keys.ToHashSet());
        Assert.Contains(LastLayer, weights.Tensors.Keys);
        Assert.DoesNotContain(LastLayer.Replace("layers.3", "layers.2", StringComparison.Ordinal), weights.Tensors.Keys);
        var name = before.Keys.First(key => key.EndsWith("mlp1.fc1.weight", StringComparison.Ordinal));
        Assert.False(weights.ToTensor(name).to(float32).allclose(before[name], atol: 1e-3));
        Assert.False(Directory.Exists(Path.Combine(output, Trainer.ModelFolder, ModelNetwork.Prior.Name())));
    }

    [Fact]
    public void A_prior_that_reads_the_ends_of_texts_is_refused()
    {
        var other = folder.CreateSubdirectory("other").FullName;
        ToyboxFolder.LinkWithTextPriorTo(other);

        var error = Assert.Throws<ModelNotFoundException>(() => new WordsStage(BenchBank.Bank, ModelFolder.Open(other), seed: 1));

        Assert.Contains("--reads word", error.Message, StringComparison.Ordinal);
    }

    private static float Loss(WordsStage stage)
    {
        using var off = no_grad();
        using var loss = stage.Loss(new(new(0, 1), 0, 64));
        return loss.Total.item<float>();
    }
}
