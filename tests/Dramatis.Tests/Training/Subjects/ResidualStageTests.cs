using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Methods.Cones2;
using Dramatis.Pictures;
using Dramatis.Tests.Verification;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Subjects;

/// <summary>A few steps on the embedded model.</summary>
public sealed class ResidualStageTests : IDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(GoldenData.InRepository, "..", ".."));

    private static readonly TrainerOptions Options = new()
    {
        Steps = 6,
        Batch = 1,
        Workers = 1,
        LearningRate = 1e-3,
        EmaDecay = 0,
        EvaluateEvery = 100,
    };

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

    [Fact]
    public void A_learning_that_was_stopped_ends_with_the_same_residual()
    {
        Learn("whole");
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Learn("parts", new Stopping(stop, after: 2), stop.Token));

        Learn("parts");

        Assert.Equal(File.ReadAllBytes(ResidualOf("whole")), File.ReadAllBytes(ResidualOf("parts")));
    }

    [Fact]
    public void A_folder_where_another_subject_was_learned_is_refused()
    {
        Learn("one");

        Assert.Throws<InvalidCheckpointException>(() => Learn("one", words: "cat"));
    }

    private string ResidualOf(string run) => Path.Combine(folder, run, "model", Residual.FileName);

    private void Learn(string run, IProgress<TrainingEvent>? progress = null, CancellationToken? stop = null, string words = "dog")
    {
        var token = stop ?? TestContext.Current.CancellationToken;
        using var stage = new ResidualStage(
            new()
            {
                Model = BaseModel.Load(Path.Combine(Root, "models", "toybox")),
                Words = words,
                Pictures = [.. Enumerable.Range(0, 3).Select(_ => new SubjectPicture("dog.png", PictureReader.Read(Path.Combine(Root, "samples", "subjects", "dog.png")).Over(new Rgb(128, 128, 128))))],
                Side = 64,
                Seed = 3,
            },
            CancellationToken.None);
        new Trainer(stage, Options, Path.Combine(folder, run)).Run(progress, token);
    }
}
