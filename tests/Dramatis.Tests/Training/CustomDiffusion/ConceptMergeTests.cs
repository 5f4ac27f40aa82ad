using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.TextualInversion;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.CustomDiffusion;

public sealed class ConceptMergeTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BaseModel model = toybox.Model;

    private string Output => Path.Combine(folder, "all");

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Subjects_that_were_learned_alone_with_the_usual_word_are_numbered_with_a_notice_each()
    {
        var notices = Merge(Learned("tom", "<new1>", "cat"), Learned("rex", "<new1>", "dog"), Learned("cup", "<new1>", "cup"));

        Assert.Equal(2, notices.Count);
        Assert.Contains("rex was learned as <new1>, as another was; from now on it is <new2>", notices[0], StringComparison.Ordinal);
        Assert.Contains("<new3>", notices[1], StringComparison.Ordinal);
        Assert.Equal("<new1> cat, <new2> dog, <new3> cup", ConfigReader.Load(Path.Combine(Output, SubjectStage.RecordName)).Text("phrase"));
        Assert.All(["<new1>", "<new2>", "<new3>"], word => Assert.Equal([word], WordOf(word)));
    }

    [Fact]
    public void A_word_that_somebody_asked_for_stays_and_one_that_is_taken_is_left_out()
    {
        var notices = Merge(Learned("tom", "<new1>", "cat"), Learned("rex", "<new2>", "dog"), Learned("cup", "<other>", "cup") with { Word = "<new1>" });

        Assert.Contains("tom was learned as <new1>", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal("<new3> cat, <new2> dog, <new1> cup", ConfigReader.Load(Path.Combine(Output, SubjectStage.RecordName)).Text("phrase"));
    }

    [Fact]
    public void Words_that_differ_stay_without_a_word_and_two_that_were_asked_for_twice_are_refused()
    {
        var (tom, rex) = (Learned("tom", "<tom>", "cat"), Learned("rex", "<rex>", "dog"));

        Assert.Empty(Merge(tom, rex));
        Assert.Contains(
            "two have the word \"<a>\"", Assert.Throws<InvalidRequestException>(() => Merge(tom with { Word = "<a>" }, rex with { Word = "<a>" })).Message,
            StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Merge(params MergeSubject[] subjects)
    {
        var captions = Path.Combine(folder, "captions.txt");
        File.WriteAllLines(captions, LearnedConcepts.Captions(model, 60));
        return ConceptMerge.Run(new() { Model = ToyboxFolder.Path, Subjects = subjects, Captions = captions, Output = Output });
    }

    private MergeSubject Learned(string name, string word, string kind)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        CustomDiffusionFile.Write(path, [LearnedConcepts.Layer(model, (ulong)name[0])], [LearnedConcepts.Word(model, word, (ulong)name[1])]);
        return new(path, kind);
    }

    private IReadOnlyList<string> WordOf(string name)
    {
        using var patch = EmbeddingFile.Read(Path.Combine(Output, $"{name}.safetensors"), model);
        return patch.Words;
    }
}
