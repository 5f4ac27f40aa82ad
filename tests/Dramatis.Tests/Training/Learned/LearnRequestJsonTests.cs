using Dramatis.Errors;
using Dramatis.Methods.Lora;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;

namespace Dramatis.Tests.Training.Learned;

/// <summary>Requests to learn as JSON.</summary>
public sealed class LearnRequestJsonTests
{
    private static readonly string Folder = Path.GetTempPath();

    public static TheoryData<string> Methods => [.. LearnedMethods.All.Select(method => method.Name)];

    [Theory]
    [InlineData("", "request", "not valid JSON")]
    [InlineData("{'method': 'lora'", "request", "line 1")]
    [InlineData("null", "request", "is null; it must be an object with")]
    [InlineData("{}", "method", "is missing; name the way to learn")]
    [InlineData("{'subjects': [], 'settings': {'rank': 2}}", "method", "is missing")]
    [InlineData("{'method': 3, 'settings': {}}", "method", "wrong kind (line 1, byte 13)")]
    [InlineData("{'method': 'lora', 'method': 'cones'}", "method", "is given twice")]
    [InlineData("{'method': 'lorra', 'subjects': [], 'settings': {}}", "method", "learns no subjects; did you mean \"lora\"? there is cones2")]
    [InlineData("{'metod': 'lora'}", "metod", "did you mean \"method\"")]
    [InlineData("{'method': 'lora'}", "subjects", "is missing; say what is to be learned")]
    [InlineData("{'method': 'lora', 'subjects': {}}", "subjects", "wrong kind")]
    [InlineData("{'method': 'lora', 'subjects': [null]}", "subjects[0]", "is null; it must be an object with \"kind\" and \"references\"")]
    [InlineData("{'method': 'lora', 'subjects': [{'references': ['a']}]}", "subjects[0].kind", "is missing; give the words")]
    [InlineData("{'method': 'lora', 'subjects': [{'kind': 'cat'}]}", "subjects[0].references", "is missing; name pictures")]
    [InlineData("{'method': 'lora', 'subjects': [{'kind': 'cat', 'references': 'a'}]}", "subjects[0].references", "wrong kind")]
    [InlineData("{'method': 'lora', 'subjects': [{'kind': 'cat', 'references': ['a', null]}]}", "subjects[0].references[1]", "name a picture file")]
    [InlineData("{'method': 'lora', 'subjects': [{'kind': 'cat', 'references': ['a'], 'wrd': 'sks'}]}", "subjects[0].wrd", "did you mean \"word\"")]
    [InlineData("{'method': 'lora', 'subjects': [], 'steps': 1.5}", "steps", "a number stands where a whole number belongs")]
    [InlineData("{'method': 'lora', 'subjects': [], 'output': ''}", "output", "is empty")]
    [InlineData("{'method': 'lora', 'subjects': [], 'settings': 3}", "settings", "wrong kind")]
    [InlineData("{'method': 'lora', 'settings': {'rnk': 2}, 'subjects': []}", "settings.rnk", "\"rank\"? there is rank, alpha, text_encoder, layers, layout")]
    [InlineData("{'settings': {'rank': 'much'}, 'method': 'lora', 'subjects': []}", "settings.rank", "wrong kind (line 1, byte 29)")]
    [InlineData("{'method': 'lora', 'subjects': [], 'settings': {'rank': 1, 'rank': 2}}", "settings.rank", "is given twice")]
    [InlineData("{'method': 'lora', 'subjects': [], 'settings': {'layers': ['to_q', null]}}", "settings.layers[1]", "is null; it must be text")]
    [InlineData("{'method': 'lora', 'subjects': [], 'settings': {'layout': 'kohia'}}", "settings.layout", "mean \"kohya\"? there is diffusers, peft, kohya.")]
    [InlineData("{'method': 'lora', 'subjects': [], 'settings': {'layout': 2}}", "settings.layout", "wrong kind")]
    [InlineData("{'method': 'cones2', 'subjects': [], 'settings': {'rank': 2}}", "settings.rank", "there is start_weight, rest_weight, tokens.")]
    public void What_is_no_request_is_refused_with_its_field(string json, string field, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => LearnRequestJson.Parse(json.Replace('\'', '"'), Folder));

        Assert.Equal(field, error.Field);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'method': 'lora', 'subjects': [{'kind': 'cat', 'references': ['tom']}]}", "subjects[0].references[0]")]
    [InlineData("{'method': 'lora', 'subjects': [{'kind': 'cat', 'references': [], 'reference_masks': ['/etc/tom']}]}", "subjects[0].reference_masks[0]")]
    [InlineData("{'method': 'lora', 'subjects': [], 'model': 'sd15'}", "model")]
    [InlineData("{'method': 'lora', 'subjects': [], 'output': 'runs', 'settings': {'rank': 1}}", "output")]
    public void Strangers_name_no_file(string json, string field)
    {
        var error = Assert.Throws<InvalidRequestException>(() => LearnRequestJson.Parse(json.Replace('\'', '"'), RequestFiles.None));

        Assert.Equal(field, error.Field);
        Assert.Contains("may be used here", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_request_written_and_read_is_the_same(string name)
    {
        var method = LearnedMethods.Find(name);
        var request = new LearnRequest
        {
            Method = name,
            Model = Path.Combine(Folder, "sd15"),
            Subjects =
            [
                new() { Kind = "cat", References = [InFolder("tom")], Word = "sks", Initializer = "pet" },
                new() { Kind = "dog", References = [Reference.FromBytes([1, 2])], ReferenceMasks = [InFolder("mask.png")] },
            ],
            Output = Path.Combine(Folder, "run"),
            Settings = Unusual(method),
            Steps = 3,
            Batch = 2,
            LearningRate = .25,
            Resolution = 64,
            EvaluateEvery = 2,
            Seed = ulong.MaxValue,
            Prior = 4,
            PriorWeight = .5,
        };

        var written = LearnRequestJson.Write(request, Folder);

        Assert.Equal(request, LearnRequestJson.Parse(written, Folder));
        Assert.All(RequestField.Of(typeof(LearnRequest)), field => Assert.Contains($"\"{field.Name}\":", written, StringComparison.Ordinal));
        Assert.All(RequestField.Of(method.SettingsType), field => Assert.Contains($"\"{field.Name}\":", written, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_usual_is_not_written()
    {
        var request = new LearnRequest { Method = "lora", Subjects = [new() { Kind = "cat", References = [InFolder("tom")] }] };

        Assert.Equal("""{"method":"lora","subjects":[{"kind":"cat","references":["tom"]}]}""", LearnRequestJson.Write(request, Folder));
        Assert.Equal(
            """{"method":"lora","subjects":[{"kind":"cat","references":["tom"]}],"settings":{"rank":8,"layers":["to_q"],"layout":"kohya"}}""",
            LearnRequestJson.Write(request with { Settings = new LoraSettings { Rank = 8, Layers = ["to_q"], Layout = LoraLayout.Kohya } }, Folder));
    }

    [Fact]
    public void What_is_null_is_as_if_it_were_left_out()
    {
        const string Json = """
            {
              "method": "lora", "model": null, "output": null, "settings": { "rank": null, "layers": null }, "steps": null, "seed": null,
              "subjects": [{ "kind": "cat", "references": ["tom"], "reference_masks": null, "word": null }]
            }
            """;

        Assert.Equal(
            new LearnRequest { Method = "lora", Subjects = [new() { Kind = "cat", References = [InFolder("tom")] }], Settings = new LoraSettings() },
            LearnRequestJson.Parse(Json, Folder));
    }

    [Fact]
    public void Paths_in_an_order_file_are_relative_to_it_and_names_of_models_are_none()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "learn.json"), """
                {
                  "method": "cones", "model": "sd15", "output": "../runs/tom",
                  "subjects": [{ "kind": "cat", "references": ["tom"], "reference_masks": ["m.png"] }]
                }
                """);

            var request = LearnRequestJson.Load(Path.Combine(folder, "learn.json"));

            Assert.Equal(Path.Combine(folder, "tom"), request.Subjects[0].References[0].Path);
            Assert.Equal(Path.Combine(folder, "m.png"), request.Subjects[0].ReferenceMasks[0].Path);
            Assert.Equal((Path.Combine(folder, "../runs/tom"), "sd15"), (request.Output, request.Model));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Reference InFolder(string name) => Reference.FromFile(Path.Combine(Folder, name));

    // No field as usual.
    private static LearnSettings Unusual(LearnedMethod method) => method.SettingsOf(RequestField.Of(method.SettingsType).ToDictionary(
        field => field.Name, field => Other(field.Type, field.Get(method.SettingsOf(new Dictionary<string, object>())))));

    private static object Other(Type type, object? usual) => type switch
    {
        _ when type == typeof(bool) => !(bool)usual!,
        _ when type == typeof(int) => ((int?)usual ?? 0) + 1,
        _ when type == typeof(double) => ((double?)usual ?? 0) + 1.5,
        { IsEnum: true } => Enum.GetValues(type).Cast<object>().Last(),
        _ => new[] { "conv1", "ff.net.2" },
    };
}
