using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dramatis.Benches.MsBench;
using Dramatis.Requests;

namespace Dramatis.Verification.Checks;

/// <summary>The subjects, layouts, prompts and samples of MS-Bench.</summary>
internal sealed class MsBenchCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["msbench"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var expected = JsonDocument.Parse(golden.ReadText(golden.Text("expected")));
        var root = expected.RootElement;
        var lines = MsBenchSamples.All.Select(sample => sample.Line).Order(StringComparer.Ordinal).ToArray();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        string?[] mistakes =
        [
            lines.Length == root.GetProperty("total").GetInt32() ? null : $"{lines.Length} samples",
            hash == root.GetProperty("sha256_of_sorted_lines").GetString() ? null : "another list of samples",
            .. root.GetProperty("subjects").EnumerateObject().Select(SubjectMistake),
            .. root.GetProperty("combinations").EnumerateObject().Select(KindMistake),
            .. root.GetProperty("examples").EnumerateObject().SelectMany(kind => kind.Value.EnumerateArray()
                .Select(example => ExampleMistake(kind.Name, example))),
        ];
        return GoldenResult.Count("facts", [.. mistakes.OfType<string>()]);
    }

    private static string? SubjectMistake(JsonProperty type) =>
        MsBenchSamples.Subjects[type.Name].ToDictionary(subject => subject.Name, subject => subject.Phrase) is var ours
            && type.Value.EnumerateObject().Count() == ours.Count
            && type.Value.EnumerateObject().All(item => ours.GetValueOrDefault(item.Name) == item.Value.GetString())
            ? null
            : $"other subjects of type {type.Name}";

    private static string? KindMistake(JsonProperty item)
    {
        var kind = MsBenchSamples.Kinds.Single(candidate => candidate.Name == item.Name);
        var samples = MsBenchSamples.Samples(kind).ToArray();
        return samples.Length == item.Value.GetProperty("samples").GetInt32()
            && samples.Length / kind.Templates.Count == item.Value.GetProperty("combinations").GetInt32()
            && kind.Templates.SequenceEqual(item.Value.GetProperty("templates").EnumerateArray().Select(template => template.GetString()!))
            && kind.Places.SequenceEqual(item.Value.GetProperty("boxes").EnumerateArray()
                .Select(box => new Box(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble())))
            ? null
            : $"other samples of kind {item.Name}";
    }

    private static string? ExampleMistake(string kind, JsonElement example)
    {
        var names = example.GetProperty("subjects").EnumerateArray().Select(name => name.GetString());
        var phrases = example.GetProperty("phrases").EnumerateArray().Select(phrase => phrase.GetString());
        var prompt = example.GetProperty("prompt").GetString();
        return MsBenchSamples.All.Any(sample => sample.Kind == kind
            && sample.Prompt == prompt
            && sample.Subjects.Select(subject => subject.Name).SequenceEqual(names)
            && sample.Subjects.Select(subject => subject.Phrase).SequenceEqual(phrases))
            ? null
            : $"no sample \"{prompt}\" of kind {kind}";
    }
}
