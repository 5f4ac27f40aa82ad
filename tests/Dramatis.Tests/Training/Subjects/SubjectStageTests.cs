using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp;

namespace Dramatis.Tests.Training.Subjects;

/// <summary>A few steps on the embedded model, by the method with the smallest file.</summary>
public sealed class SubjectStageTests : IDisposable
{
    private static readonly TrainerOptions Options = StoppableRun.Options with { LearningRate = ConesRecipe.UsualStepSize, Optimizer = AdamWOptions.Descent };

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
        Learn("one");

        Assert.Throws<InvalidCheckpointException>(() => Learn("one", phrase: "sks cat"));
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
                loss.backward();
            }

            stage.Evaluate(new(0, 4), folder);
            stage.Export(folder);
        }
    }

    private string FileOf(string run) => Path.Combine(folder, run, "model", ConesFile.FileName);

    private bool Learn(string run, int? stopAfter = null, string phrase = "sks dog")
    {
        using var stage = Stage(phrase);
        return StoppableRun.Of(stage, Path.Combine(folder, run), stopAfter, Options);
    }

    private static SubjectStage Stage(string phrase) => new(
        new ConesLearner(new(BaseModel.Load(ToyboxFolder.Path)), new()),
        new()
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
            View = SubjectViews.Cropped(64),
            Side = 64,
            Seed = 3,
        },
        CancellationToken.None);
}
