using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.TestKit;
using Dramatis.Training;
using Dramatis.Training.Cones;
using Dramatis.Training.Cones2;
using Dramatis.Training.DreamBooth;
using Dramatis.Training.Learned;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;

namespace Dramatis.Tests.Training.Learned;

/// <summary>Learning as a call, in a step or two on the embedded model.</summary>
public sealed class LearningTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private LearnRequest Request => new()
    {
        Method = "lora",
        Model = ToyboxFolder.Path,
        Subjects = [Dog],
        Output = Path.Combine(folder, "run"),
        Settings = new LoraSettings { Rank = 2 },
        Steps = 2,
        Resolution = 64,
    };

    // As few pictures as a training takes.
    private static LearnSubject Dog => new() { Kind = "dog", References = [.. Enumerable.Repeat(Reference.FromFile(Repository.SubjectPicture("dog")), 3)] };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Events_come_in_order_and_end_with_the_folder_of_what_was_learned()
    {
        var events = new List<TrainingEvent>();
        await foreach (var item in Learning.RunAsync(Request with { Prior = 1 }, TestContext.Current.CancellationToken))
        {
            events.Add(item);
        }

        Assert.IsType<PriorPictureDone>(events[0]);
        Assert.IsType<TrainingStarted>(events[1]);
        Assert.Equal([1, 2], events.OfType<TrainingStepDone>().Select(step => step.Step));
        var learned = Assert.IsType<TrainingFinished>(events[^1]).Folder;
        Assert.True(File.Exists(Path.Combine(learned, LearnedMethods.Find("lora").FileName)));
        Assert.Equal("sks dog", LearnedMethods.Find("lora").PhraseIn(learned));
    }

    [Slow]
    [Fact]
    public async Task What_a_reader_has_left_goes_on_with_the_same_request()
    {
        await foreach (var item in Learning.RunAsync(Request, TestContext.Current.CancellationToken))
        {
            if (item is TrainingStepDone)
            {
                break;
            }
        }

        var events = new List<TrainingEvent>();
        await foreach (var item in Learning.RunAsync(Request, TestContext.Current.CancellationToken))
        {
            events.Add(item);
        }

        Assert.True(Assert.IsType<TrainingStarted>(events[0]).Resumed);
        Assert.IsType<TrainingFinished>(events[^1]);
    }

    [Fact]
    public async Task An_estimate_writes_nothing()
    {
        var estimate = await Learning.EstimateAsync(Request with { Steps = 100 }, TestContext.Current.CancellationToken);

        Assert.Equal(100, estimate.Steps);
        Assert.True(estimate.TunedWeights > 0);
        Assert.False(Directory.Exists(Request.Output));
    }

    [Fact]
    public void A_mistake_names_its_field_and_writes_nothing()
    {
        Refused("method", Request with { Method = "easy" });
        Refused("model", Request with { Model = null });
        Refused("output", Request with { Output = "" });
        Refused("settings", Request with { Settings = new ConesSettings() });
        Refused("settings.rank", Request with { Settings = new LoraSettings { Rank = 0 } });
        Refused("settings.layers", Request with { Settings = new LoraSettings { Layers = ["nowhere"] } });
        Refused("settings.min_snr", Request with { Method = "dreambooth", Settings = new DreamBoothSettings { MinSnr = 0 } });
        Refused("settings.vectors", Request with { Method = "textual-inversion", Settings = new TextualInversionSettings { Vectors = 0 } });
        Refused("settings.share", Request with { Method = "cones", Settings = new ConesSettings { Share = 1 } });
        Refused("settings.tokens", Request with { Method = "cones2", Settings = new Cones2Settings { Tokens = 9 } });
        Refused("steps", Request with { Steps = 0 });
        Refused("batch", Request with { Batch = 0 });
        Refused("learning_rate", Request with { LearningRate = 0 });
        Refused("learning_rate", Request with { LearningRate = double.PositiveInfinity });
        Refused("evaluate_every", Request with { EvaluateEvery = 0 });
        Refused("prior", Request with { Prior = -1 });
        Refused("prior_weight", Request with { PriorWeight = double.NaN });
        Refused("resolution", Request with { Resolution = 60 });
        Refused("prior", Request with { Method = "cones2", Settings = null, Prior = 1 });
        Refused("subjects", Request with { Subjects = [] });
        Refused("subjects", Request with { Method = "cones2", Settings = null, Subjects = [Dog, Dog] });
        Refused("subjects[0].kind", Request with { Subjects = [Dog with { Kind = " " }] });
        Refused("subjects[0].references", Request with { Subjects = [Dog with { References = [] }] });
        Refused(
            "subjects[0].initializer",
            Request with { Method = "textual-inversion", Settings = null, Subjects = [Dog with { Initializer = "extraordinary creature" }] });
        Refused(
            "subjects[1].initializer",
            Request with { Method = "custom-diffusion", Settings = null, Subjects = [Dog with { Initializer = "dog</w>" }, Dog] });
        Refused("subjects[1].word", Request with { Subjects = [Dog, Dog] });
        Refused("subjects[1].word", Request with { Subjects = [Dog, Dog with { Word = "sks" }] });
        Refused("subjects[0].word", Request with { Method = "cones2", Settings = null, Subjects = [Dog with { Word = "sks" }] });
        Refused("subjects[0].initializer", Request with { Subjects = [Dog with { Initializer = "cat" }] });
        Refused("subjects[0].references", Request with { Subjects = [Dog with { References = [.. Dog.References.Take(2)] }] });
        Refused("subjects[0].reference_masks", Request with { Subjects = [Dog with { ReferenceMasks = [Dog.References[0]] }] });
        Assert.False(Directory.Exists(Request.Output));

        static void Refused(string field, LearnRequest request) =>
            Assert.Equal(field, Assert.Throws<InvalidRequestException>(() => Learning.Run(request, null, TestContext.Current.CancellationToken)).Field);
    }
}
