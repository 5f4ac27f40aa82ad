using Dramatis.Tests.Toybox;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class SceneTextStageTests : IDisposable
{
    private const int FirstSpoilt = 40;    // of the places of tokens

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Scenes_come_to_be_heard_and_names_stay_what_they_are()
    {
        using var stage = new SceneTextStage(BenchBank.Bank, SpoiltModel(), seed: 1);
        var options = new TrainerOptions { Steps = 12, Batch = 8, LearningRate = 1e-3, Workers = 1, EvaluateEvery = 100, EmaDecay = .1 };
        var before = Parts(stage);

        new Trainer(stage, options, Path.Combine(folder.FullName, "run")).Run(cancellationToken: TestContext.Current.CancellationToken);

        var after = Parts(stage);
        Assert.InRange(after["scene"], 0, .8 * before["scene"]);
        Assert.InRange(after["names"], 0, .02);
        var exam = stage.Evaluate(new(0, 1), folder.FullName);
        Assert.Equal(
            ["scene_behind_1", "scene_behind_2", "scene_behind_4", "scene_behind_6", "scene_before_2", "names_right", "names_drift", "phrases_drift"],
            exam.Keys);
        Assert.InRange(exam["names_right"], .99, 1);
        var model = Path.Combine(folder.FullName, "run", Trainer.ModelFolder);
        File.WriteAllText(Path.Combine(model, ModelFolder.IndexName), "{}");
        using var encoder = ModelFolder.Open(model).LoadTextEncoder();
        Assert.Equal(192, encoder.Config.Tower.Width);
    }

    private static Dictionary<string, float> Parts(SceneTextStage stage)
    {
        using var off = no_grad();
        using var loss = stage.Loss(new(new(0, 1), 0, 64));
        return loss.Parts.ToDictionary(part => part.Name, part => part.Value.item<float>());
    }

    // One that has not learned what stands far back in a caption.
    private ModelFolder SpoiltModel()
    {
        var path = Directory.CreateDirectory(Path.Combine(folder.FullName, "spoilt")).FullName;
        ToyboxFolder.LinkTo(path);
        Directory.Delete(Path.Combine(path, ModelNetwork.TextEncoder.Name()));
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var encoder = ModelFolder.Open(ToyboxFolder.Path).LoadTextEncoder();
        var places = encoder.state_dict()["text_model.embeddings.position_embedding.weight"].narrow(0, FirstSpoilt, encoder.Config.Positions - FirstSpoilt);
        places.copy_(places.flip(0));
        var writer = new ModelWriter(path);
        writer.Network(ModelNetwork.TextEncoder, encoder.Config.ToJson(), encoder);
        return ModelFolder.Open(path);
    }
}
