using Dramatis.TestKit;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.DreamBooth;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Subjects;

/// <summary>What holds for every way to learn a subject, in a few steps on the embedded model.</summary>
public sealed class LearnersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Slow]
    [Theory]
    [InlineData("lora")]
    [InlineData("textual-inversion")]
    [InlineData("dreambooth")]
    [InlineData("custom-diffusion")]
    public void A_learning_that_was_stopped_ends_with_the_same_bits(string method)
    {
        Learn(method, "whole");
        Assert.False(Learn(method, "parts", stopAfter: 1));

        Learn(method, "parts");

        var files = Directory.GetFiles(Path.Combine(folder, "whole", "model"), "*.safetensors", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(
            File.ReadAllBytes(file), File.ReadAllBytes(file.Replace($"{Path.DirectorySeparatorChar}whole{Path.DirectorySeparatorChar}",
                $"{Path.DirectorySeparatorChar}parts{Path.DirectorySeparatorChar}", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("lora", Traits = [SlowAttribute.Name, SlowAttribute.Value])]
    [InlineData("textual-inversion")]
    [InlineData("custom-diffusion", Traits = [SlowAttribute.Name, SlowAttribute.Value])]
    public void Learning_leaves_the_base_model_bit_for_bit(string method)
    {
        using var scope = NewDisposeScope();
        using var stage = Stage(method, out var model);
        Tensor[] before = [.. Weights(model).Select(weight => weight.detach().clone())];
        Tensor[] start = [.. stage.Networks.parameters().Select(weight => weight.detach().clone())];

        StoppableRun.Of(stage, Path.Combine(folder, "run"), stopAfter: null);

        Assert.All(Weights(model).Zip(before), pair => Assert.True(IsSame(pair.First, pair.Second)));
        Assert.All(stage.Networks.parameters().Zip(start), pair => Assert.False(IsSame(pair.First, pair.Second)));

        static bool IsSame(Tensor one, Tensor other) => one.equal(other).all().item<bool>();
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("textual-inversion")]
    [InlineData("dreambooth")]
    [InlineData("custom-diffusion")]
    public void Nothing_is_left_alive(string method)
    {
        using var stage = Stage(method, out _);
        Work();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Work();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Work()
        {
            using (var loss = stage.Loss(new(new(0, 3), 0, 2)))
            {
                loss.Total.backward();
            }

            stage.Export(folder);
        }
    }

    private bool Learn(string method, string run, int? stopAfter = null)
    {
        using var stage = Stage(method, out _);
        return StoppableRun.Of(stage, Path.Combine(folder, run), stopAfter);
    }

    private static IEnumerable<Tensor> Weights(BaseModel model) => model.UNet.parameters().Concat(model.TextEncoder.parameters());

    // Two subjects, each beside one other of its kind.
    private static SubjectStage Stage(string method, out BaseModel model)
    {
        model = BaseModel.Load(ToyboxFolder.Path);
        return new(
            Learner(method, new(model)),
            new()
            {
                Method = method,
                Subjects = method == "textual-inversion" ? [Lesson("dog", "<new1>")] : [Lesson("dog", "<new1>"), Lesson("rose", "<new2>")],
                View = ViewMakers.Scaled(64, model.Vae.Config.Factor),
                OthersView = ViewMakers.Cropped(64),
                Side = 64,
                Seed = 3,
            },
            CancellationToken.None);
    }

    private static SubjectLearner Learner(string method, LearningModel model) => method switch
    {
        "lora" => new LoraLearner(model, new() { TextEncoder = true }),
        "textual-inversion" => new TextualInversionLearner(model, new() { Word = "<new1>", Initializer = "dog" }),
        "dreambooth" => new DreamBoothLearner(model, new() { MinSnr = 5 }),
        _ => new CustomDiffusionLearner(model, new() { Words = [new("<new1>", 5), new("<new2>", 6)] }),
    };

    private static SubjectLesson Lesson(string kind, string word) => new()
    {
        Phrase = word,
        Pictures = SampleSubjects.Pictures(kind),
        Text = _ => $"a {word} {kind}",
        Others = [SampleSubjects.Picture(kind)],
        OthersText = $"a {kind}",
    };
}
