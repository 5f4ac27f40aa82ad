using Dramatis.Tests.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class TextStageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_spreads_states_and_leaves_a_text_encoder_that_the_model_takes()
    {
        using var scope = NewDisposeScope();
        using var stage = new TextStage(BenchBank.Bank, ModelFolder.Open(ToyboxFolder.Path), seed: 1);
        var options = new TrainerOptions { Steps = 30, Batch = 16, LearningRate = 3e-3, Workers = 1, EvaluateEvery = 100, EmaDecay = .5 };
        var before = Codes(stage);

        new Trainer(stage, options, folder.FullName).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Codes(stage) < before);
        Assert.Equal(["right_of_all", "right_of_common", "right_behind_another", "dimensions"], stage.Evaluate(new(0, 1), folder.FullName).Keys);
        var model = Path.Combine(folder.FullName, Trainer.ModelFolder);
        File.WriteAllText(Path.Combine(model, ModelFolder.IndexName), "{}");
        using var encoder = ModelFolder.Open(model).LoadTextEncoder();
        Assert.Equal(192, encoder.Config.Tower.Width);
    }

    private static float Codes(TextStage stage)
    {
        using var off = no_grad();
        using var loss = stage.Loss(new(new(0, 1), 0, 64));
        return loss["codes"].item<float>();
    }
}
