using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.TestKit;
using Dramatis.Tests.Training.Subjects;
using Dramatis.Training.Cones2;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Cones2;

/// <summary>A few steps on the embedded model.</summary>
public sealed class ResidualStageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_learned_residual_is_written_with_what_it_is()
    {
        Learn("whole");

        using var scope = NewDisposeScope();
        var rows = Residual.Read(Path.Combine(folder, "whole", "model", "residual.pt"), 192);
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "whole", "model", "residual.json")));
        Assert.True(rows.abs().max().item<float>() > 0);
        Assert.Equal("dog", record.RootElement.GetProperty("phrase").GetString());
        Assert.Equal(64, record.RootElement.GetProperty("model").GetString()!.Length);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "whole", "samples"), "*.png"));
    }

    [Slow]
    [Fact]
    public void A_learning_that_was_stopped_ends_with_the_same_residual()
    {
        Learn("whole");
        Assert.False(Learn("parts", stopAfter: 2));

        Learn("parts");

        Assert.Equal(File.ReadAllBytes(ResidualOf("whole")), File.ReadAllBytes(ResidualOf("parts")));
    }

    [Fact]
    public void A_folder_where_another_subject_was_learned_is_refused()
    {
        Learn("one", stopAfter: 1);

        Assert.Throws<InvalidCheckpointException>(() => Learn("one", words: "cat"));
    }

    [Fact]
    public void A_run_with_another_recipe_is_refused_by_what_differs()
    {
        Learn("one", stopAfter: 1);

        Assert.Contains("begun with seed 3, not 4", Refusal(setup => setup with { Seed = 4 }), StringComparison.Ordinal);
        Assert.Contains("begun with learning_rate 5E-06, not 0.001", Refusal(setup => With(setup, "learning_rate", 1e-3)), StringComparison.Ordinal);
        Assert.Contains("begun with batch 1, not 2", Refusal(setup => With(setup, "batch", 2)), StringComparison.Ordinal);

        string Refusal(Func<SubjectStageSetup, SubjectStageSetup> change) =>
            Assert.Throws<InvalidCheckpointException>(() => Learn("one", change: change)).Message;

        static SubjectStageSetup With(SubjectStageSetup setup, string field, JsonNode value) =>
            setup with { Record = [.. setup.Record.Select(item => item.Field == field ? (field, value) : item)] };
    }

    [Slow]
    [Fact]
    public void A_learning_that_was_killed_goes_on_from_its_last_checkpoint_to_the_same_residual()
    {
        Learn("whole");
        using (var stage = Stage())
        {
            KilledRun.Of(stage, Path.Combine(folder, "killed"), after: 2);
        }

        Learn("killed");

        Assert.Equal(File.ReadAllBytes(ResidualOf("whole")), File.ReadAllBytes(ResidualOf("killed")));
    }

    private string ResidualOf(string run) => Path.Combine(folder, run, "model", Residual.FileName);

    private bool Learn(string run, int? stopAfter = null, string words = "dog", Func<SubjectStageSetup, SubjectStageSetup>? change = null)
    {
        using var stage = Stage(words, change);
        return StoppableRun.Of(stage, Path.Combine(folder, run), stopAfter);
    }

    private static SubjectStage Stage(string words = "dog", Func<SubjectStageSetup, SubjectStageSetup>? change = null)
    {
        var (usual, settings) = (new Cones2Learning().Usual, new Cones2Settings());
        var learner = new ResidualLearner(new(BaseModel.Load(ToyboxFolder.Path)), words, settings);
        var setup = new SubjectStageSetup
        {
            Method = "cones2",
            Subjects = [new() { Phrase = words, Pictures = SampleSubjects.Pictures("dog"), Text = _ => words }],
            View = ViewMakers.Cropped(64),
            Side = 64,
            Seed = 3,
            Record =
            [
                ("steps", usual.Steps),
                ("batch", usual.Batch),
                ("learning_rate", usual.LearningRate),
                ("tokens", learner.Tokens),
                ("start_weight", settings.StartWeight),
                ("rest_weight", settings.RestWeight),
            ],
        };
        return new(learner, change?.Invoke(setup) ?? setup, CancellationToken.None);
    }
}
