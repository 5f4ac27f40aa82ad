using Dramatis.Networks.Prior;
using Dramatis.Tests.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class PriorStageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(PhraseState.Pooled)]
    [InlineData(PhraseState.Word)]
    public void It_learns_features_of_names_and_leaves_a_prior_that_the_model_takes(Enum reads)
    {
        using var scope = NewDisposeScope();
        using var stage = new PriorStage(BenchBank.Bank, ModelFolder.Open(ToyboxFolder.Path), seed: 1, (PhraseState)reads);
        var options = new TrainerOptions { Steps = 40, Batch = 64, LearningRate = 1e-3, Workers = 1, EvaluateEvery = 100, EmaDecay = .5 };
        var before = Loss(stage);

        new Trainer(stage, options, folder.FullName).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Loss(stage) < before);
        Assert.Equal(["explained", "right_of_all", "right_of_all_top5", "held_out_explained", "held_out_right"], stage.Evaluate(new(0, 1), folder.FullName).Keys);
        var model = Path.Combine(folder.FullName, Trainer.ModelFolder);
        File.WriteAllText(Path.Combine(model, ModelFolder.IndexName), "{}");
        using var prior = ModelFolder.Open(model).LoadPrior();
        Assert.Equal((PhraseState)reads, prior.Config.Reads);
        Assert.Equal((65, 192, 192), (prior.Config.Tokens, prior.Config.FeatureWidth, prior.Config.TextWidth));
    }

    private static float Loss(PriorStage stage)
    {
        using var off = no_grad();
        using var loss = stage.Loss(new(new(0, 1), 0, 64));
        return loss.Total.item<float>();
    }
}
