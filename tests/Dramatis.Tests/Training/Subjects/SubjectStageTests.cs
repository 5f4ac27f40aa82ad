using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Pictures;
using Dramatis.TestKit;
using Dramatis.Tests.Verification;
using Dramatis.Training;
using Dramatis.Training.Cones;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Tests.Training.Subjects;

/// <summary>A few steps on the embedded model, by the method with the smallest file.</summary>
public sealed class SubjectStageTests : IDisposable
{
    private static readonly TrainerOptions Options = StoppableRun.Options with { LearningRate = ConesLearning.UsualStepSize, Optimizer = AdamWOptions.Descent };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_was_learned_is_written_with_what_it_is()
    {
        Learn("whole");

        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "whole", "model", SubjectStage.RecordName)));
        Assert.Equal("sks dog", record.RootElement.GetProperty("phrase").GetString());
        Assert.Equal(64, record.RootElement.GetProperty("model").GetString()!.Length);
        Assert.True(new FileInfo(FileOf("whole")).Length > 0);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "whole", "samples"), "*.png"));
    }

    [Slow]
    [Fact]
    public void What_was_learned_is_shown_on_SDXL_too()
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        using var stage = Stage("sks dog", model: Path.Combine(GoldenData.Root!, "pipelines", "models", "sdxl"));

        StoppableRun.Of(stage, Path.Combine(folder, "whole"), stopAfter: null, Options with { Steps = 1 });

        var shown = PictureReader.Read(Assert.Single(Directory.GetFiles(Path.Combine(folder, "whole", "samples"), "*.png")));
        Assert.True(shown.Height > 2 * 64, "pictures to learn from and painted ones");
        Assert.True(shown.ToRgb().Distinct().Count() > 2);
    }

    [Slow]
    [Fact]
    public void A_learning_that_was_stopped_ends_with_the_same_file()
    {
        Learn("whole");
        Assert.False(Learn("parts", stopAfter: 2));

        Learn("parts");

        Assert.Equal(File.ReadAllBytes(FileOf("whole")), File.ReadAllBytes(FileOf("parts")));
    }

    [Fact]
    public void A_folder_where_another_subject_was_learned_is_refused()
    {
        Learn("one", stopAfter: 1);

        Assert.Throws<InvalidCheckpointException>(() => Learn("one", phrase: "sks cat"));
    }

    [Fact]
    public void A_run_with_another_recipe_is_refused_by_what_differs()
    {
        (string Words, Func<SubjectStageSetup, SubjectStageSetup> Change)[] others =
        [
            ("seed 3, not 4", setup => setup with { Seed = 4 }),
            ("learning_rate 1, not 0.5", setup => setup with { Record = [("learning_rate", .5), ("layers", new JsonArray("to_k"))] }),
            ("layers [\"to_k\"], not [\"to_q\"]", setup => setup with { Record = [("learning_rate", 1), ("layers", new JsonArray("to_q"))] }),
            ("prior 1, not 0", setup => setup with { Subjects = [setup.Subjects[0] with { Others = [] }] }),
            ("references ", setup => setup with { Subjects = [setup.Subjects[0] with { Pictures = [.. setup.Subjects[0].Pictures.Select(Mirrored)] }] }),
        ];
        Learn("one", stopAfter: 1);

        Assert.All(others, other => Assert.Contains(
            $"was begun with {other.Words}", Assert.Throws<InvalidCheckpointException>(() => Learn("one", change: other.Change)).Message,
                StringComparison.Ordinal));

        static SubjectPicture Mirrored(SubjectPicture picture) => picture with { Picture = picture.Picture.Mirror() };
    }

    [Slow]
    [Fact]
    public void A_learning_that_is_asked_for_more_steps_goes_on_as_if_it_had_been_at_first()
    {
        Learn("whole");
        Learn("more", steps: 2);

        Learn("more");

        Assert.Equal(File.ReadAllBytes(FileOf("whole")), File.ReadAllBytes(FileOf("more")));
    }

    [Slow]
    [Fact]
    public void A_learning_that_was_killed_goes_on_from_its_last_checkpoint_to_the_same_file()
    {
        Learn("whole");
        using (var stage = Stage("sks dog"))
        {
            KilledRun.Of(stage, Path.Combine(folder, "killed"), after: 2, Options);
        }

        Learn("killed");

        Assert.Equal(File.ReadAllBytes(FileOf("whole")), File.ReadAllBytes(FileOf("killed")));
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        using var stage = Stage("sks dog");
        Work();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Work();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Work()
        {
            using (var loss = stage.Loss(new(new(0, 4), 0, 1)))
            {
                loss.Total.backward();
            }

            stage.Evaluate(new(0, 4), folder);
            stage.Export(folder);
        }
    }

    private string FileOf(string run) => Path.Combine(folder, run, "model", ConesFile.FileName);

    private bool Learn(
        string run, int? stopAfter = null, string phrase = "sks dog", long steps = 4, Func<SubjectStageSetup, SubjectStageSetup>? change = null)
    {
        using var stage = Stage(phrase, change);
        return StoppableRun.Of(stage, Path.Combine(folder, run), stopAfter, Options with { Steps = steps });
    }

    private static SubjectStage Stage(string phrase, Func<SubjectStageSetup, SubjectStageSetup>? change = null, string? model = null)
    {
        var setup = new SubjectStageSetup
        {
            Method = "cones",
            Subjects =
            [
                new()
                {
                    Phrase = phrase,
                    Pictures = SampleSubjects.Pictures("dog"),
                    Others = [SampleSubjects.Picture("dog")],
                    OthersText = "a dog",
                    Text = _ => $"a {phrase}",
                },
            ],
            View = ViewMakers.Cropped(64),
            Side = 64,
            Seed = 3,
            Record = [("learning_rate", 1), ("layers", new JsonArray("to_k"))],
        };
        return new(new ConesLearner(new(BaseModel.Load(model ?? ToyboxFolder.Path)), new()), change?.Invoke(setup) ?? setup, CancellationToken.None);
    }
}
