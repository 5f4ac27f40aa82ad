using Dramatis.Benches.FastComposer;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.TestKit.Onnx;

namespace Dramatis.Tests.Benches.FastComposer;

/// <summary>The published evaluation, with toy networks that know faces by their colour.</summary>
public sealed class IdentityBenchTests : IDisposable
{
    private static readonly Rgb Red = new(255, 0, 0);
    private static readonly Rgb Blue = new(0, 0, 255);

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public IdentityBenchTests()
    {
        AddPerson("ada", Red);
        AddPerson("ben", Blue);
        File.WriteAllText(PathOf("people/people.json"), """{ "ada": "woman", "ben": "man" }""");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void One_person_a_picture_is_scored_by_the_largest_face()
    {
        Paint("subject_0000_prompt_0000_instance_0000.jpg", Red, Blue);
        Paint("subject_0001_prompt_0000_instance_0000.jpg", Red, Blue);

        using var bench = new IdentityBench(Options(together: false));
        var rows = bench.Run(cancellationToken: TestContext.Current.CancellationToken);
        IdentityTable.Write(PathOf("out"), rows);

        Assert.Equal(["a woman  wearing a red hat", "a man  wearing a red hat"], rows.Select(row => row.Prompt));
        Assert.Equal(1, rows[0].Identity, tolerance: .01);
        Assert.Equal(0, rows[1].Identity, tolerance: .01);
        Assert.StartsWith("identity preservation: 0.5", File.ReadAllText(PathOf("out/score.txt")), StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(PathOf("out/scores.csv")).Length);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Two_people_a_picture_are_scored_by_the_one_kept_worst(bool isSecondKept, double identity)
    {
        Paint("subject_0000_prompt_0000_instance_0000.jpg", Blue, isSecondKept ? Red : Blue);

        using var bench = new IdentityBench(Options(together: true));
        var row = Assert.Single(bench.Run(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(identity, row.Identity, tolerance: .01);
    }

    [Fact]
    public void A_picture_without_a_face_scores_nothing_and_a_reference_without_one_is_refused()
    {
        Paint("subject_0000_prompt_0000_instance_0000.jpg", Rgb.Black, Rgb.Black);
        Paint("subject_0001_prompt_0000_instance_0000.jpg", Rgb.Black, Rgb.Black);
        using (var bench = new IdentityBench(Options(together: false)))
        {
            Assert.All(bench.Run(cancellationToken: TestContext.Current.CancellationToken), row => Assert.Equal(0, row.Identity));
        }

        AddPerson("cyd", Rgb.Black);
        File.WriteAllText(PathOf("people/people.json"), """{ "ada": "woman", "ben": "man", "cyd": "man" }""");
        using var faceless = new IdentityBench(Options(together: false));
        var error = Assert.Throws<InvalidDataSetException>(() => faceless.Run(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(PathOf("people/cyd/face.png"), error.Path);
        Assert.Contains("shows no face", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void People_are_found_by_their_folders_and_the_published_ones_are_known()
    {
        AddPerson("000612", Red);

        var people = EvaluationPeople.Load(PathOf("people"));

        Assert.Equal([("000612", "woman"), ("ada", "woman"), ("ben", "man")], people.Select(person => (person.Id, person.Kind)));
    }

    [Theory]
    [InlineData("{}", "nothing says what \"ada\" is")]
    [InlineData("[1]", "a JSON object of names")]
    public void People_without_a_word_are_refused(string kinds, string problem)
    {
        File.WriteAllText(PathOf("people/people.json"), kinds);

        Assert.Contains(problem, Assert.Throws<InvalidDataSetException>(() => EvaluationPeople.Load(PathOf("people"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_people_or_a_person_without_a_picture_is_refused()
    {
        Directory.CreateDirectory(PathOf("nobody/dan"));

        Assert.Contains("has no picture", Refusal(PathOf("nobody")), StringComparison.Ordinal);
        Assert.Contains("has nobody", Refusal(PathOf("nobody/dan")), StringComparison.Ordinal);
        Assert.Contains("there is no such folder", Refusal(PathOf("nowhere")), StringComparison.Ordinal);

        static string Refusal(string people) => Assert.Throws<InvalidDataSetException>(() => EvaluationPeople.Load(people)).Message;
    }

    [Fact]
    public void Prompts_mark_the_people_s_words_once_each()
    {
        EvaluationSubject[] people = [new("a", "man", "a.png"), new("b", "woman", "b.png")];

        Assert.Equal(80, IdentityCase.OfOne(people).Count());
        var pair = IdentityCase.OfTwo(people).ToArray();
        Assert.Equal(21, pair.Length);
        Assert.Equal("a painting of a {man} and a {woman} together in the style of Banksy", pair[0].Prompt);
        Assert.Equal("subject_0000_prompt_0020_instance_0003.jpg", pair[20].FileName(3));
        Assert.Equal("a {woman} wearing a red hat", IdentityCase.OfOne(people).ElementAt(40).Prompt);
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private IdentityBenchOptions Options(bool together) => new()
    {
        Model = PathOf("none"),
        People = PathOf("people"),
        Faces = new(ToyModels.WriteFaceDetector(folder), ToyModels.WriteFeatures(folder)),
        Output = PathOf("out"),
        Together = together,
        Prompts = 1,
        Pictures = 1,
    };

    private void AddPerson(string name, Rgb colour)
    {
        Directory.CreateDirectory(PathOf($"people/{name}"));
        PictureWriter.WritePng(PathOf($"people/{name}/face.png"), Picture.Filled(32, 32, colour));
    }

    // Halves that the toy detector takes for faces, the left one larger.
    private void Paint(string name, Rgb left, Rgb right)
    {
        var picture = Picture.Filled(64, 64, right);
        for (var y = 0; y < 64; y++)
        {
            Picture.Filled(32, 1, left).Row(0).CopyTo(picture.Row(y));
        }

        Directory.CreateDirectory(PathOf("out"));
        File.WriteAllBytes(PathOf($"out/{name}"), PictureWriter.EncodeJpeg(picture, 95));
    }
}
