using System.Text.Json;
using Dramatis.Benches.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>How well faces are kept, from what a network makes of them.</summary>
internal sealed class FastComposerIdentityCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_eval_identity"];

    public GoldenResult Run(GoldenCase golden)
    {
        var scores = golden.Fixture.GetProperty("cases").EnumerateArray().Select((item, i) =>
        {
            var (painted, references) = (golden.Tensor($"{i}.generated_embeddings"), golden.Tensor($"{i}.reference_embeddings"));
            var score = item.GetProperty("kind").GetString() == "single"
                ? IdentityScore.Of(painted, references)
                : IdentityScore.Of(painted, references, golden.Tensor($"{i}.zero_crop_embedding"));
            return ($"{i}.score", tensor([(float)score]));
        });
        return golden.Compare([.. scores, ("greedy", Worst("matrices")), ("greedy3", Worst("matrices3"))]);

        Tensor Worst(string name) => tensor(golden.Tensor(name).unbind(0).Select(likeness => (float)IdentityScore.Match(likeness).Min()).ToArray());
    }
}

/// <summary>Who is painted how, in order.</summary>
internal sealed class FastComposerPromptsCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_eval_prompts"];

    public GoldenResult Run(GoldenCase golden)
    {
        var (single, multi) = (golden.Fixture.GetProperty("single"), golden.Fixture.GetProperty("multi"));
        var subjects = EvaluationSubjects.All;
        var pairs = EvaluationSubjects.Pairs(subjects).ToArray();
        return GoldenResult.Count("lists", [.. new[]
        {
            Mistake("subjects", single.GetProperty("subjects"), subjects.Select(subject => subject.Id)),
            Mistake("classes", single.GetProperty("classes"), subjects.Select(subject => subject.Kind)),
            Mistake("pairs", multi.GetProperty("pairs"), pairs.Select(pair => $"{pair.First.Id} {pair.Second.Id}")),
        }.Concat(single.GetProperty("cases").EnumerateArray().SelectMany(item => Alone(item, subjects)))
            .Concat(multi.GetProperty("cases").EnumerateArray().SelectMany(item => Together(item, pairs))).OfType<string>()]);
    }

    private static IEnumerable<string?> Alone(JsonElement item, IReadOnlyList<EvaluationSubject> subjects)
    {
        var kind = subjects[item.GetProperty("index").GetInt32()].Kind;
        yield return Mistake("generation", item.GetProperty("generation"), EvaluationPrompts.Of(kind));
        yield return Mistake("scoring", item.GetProperty("scoring"), EvaluationPrompts.Scored(kind));
        yield return Mistake("finetuned", item.GetProperty("finetuned"), EvaluationPrompts.Of(kind, "<new1>"));
    }

    private static IEnumerable<string?> Together(JsonElement item, (EvaluationSubject First, EvaluationSubject Second)[] pairs)
    {
        var (first, second) = pairs[item.GetProperty("index").GetInt32()];
        yield return Mistake("generation", item.GetProperty("generation"), EvaluationPrompts.OfTwo(first.Kind, second.Kind));
        yield return Mistake("scoring", item.GetProperty("scoring"), EvaluationPrompts.ScoredOfTwo(first.Kind, second.Kind));
    }

    private static string? Mistake(string list, JsonElement expected, IEnumerable<string> ours) =>
        expected.EnumerateArray().Select(Text).SequenceEqual(ours) ? null : $"{list} differs";

    private static string Text(JsonElement item) => item.ValueKind == JsonValueKind.Array
        ? string.Join(' ', item.EnumerateArray().Select(part => part.GetString()))
        : item.GetString()!;
}
