using Dramatis.Methods.EasyRef;
using Dramatis.Tests.Toybox;
using Dramatis.Tokenizers;
using Dramatis.Training;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class LanguageStageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void It_learns_to_say_what_it_sees_and_leaves_a_folder_that_is_read_as_qwen2_vl()
    {
        using var scope = NewDisposeScope();
        using var stage = new LanguageStage(BenchBank.Bank, seed: 1);
        var options = new TrainerOptions { Steps = 30, Batch = 8, LearningRate = 2e-3, Workers = 1, EvaluateEvery = 100, EmaDecay = .5 };
        var before = stage.Evaluate(new(0, 1), folder.FullName);

        new Trainer(stage, options, folder.FullName).Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(stage.Evaluate(new(0, 1), folder.FullName)["exam_loss"] < before["exam_loss"]);
        var part = ModelPart.Open(Path.Combine(folder.FullName, Trainer.ModelFolder, ModelNetwork.LanguageModel.Name()));
        using var network = Qwen2VlFiles.Load(part);
        var chat = QwenChat.FromFolder(part.Folder);
        var small = SmallQwen.For(BenchBank.Bank);
        Assert.Equal(small.Config.RotarySections, network.Language.Config.RotarySections);
        Assert.Equal(small.Chat.Say([16], EasyRefConfig.Instruction).Ids, chat.Say([16], EasyRefConfig.Instruction).Ids);
    }

    [Fact]
    public void Usual_words_are_few_tokens()
    {
        var tokens = SmallQwen.For(BenchBank.Bank).Tokenizer;

        Assert.Single(tokens.EncodeWords("Visualize"));
        Assert.InRange(tokens.EncodeWords("a fox and two foxes on a beach").Count, 8, 12);
    }
}
