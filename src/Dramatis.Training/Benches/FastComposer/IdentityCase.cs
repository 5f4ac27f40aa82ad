using System.Globalization;
using Dramatis.Methods.FastComposer;

namespace Dramatis.Benches.FastComposer;

/// <summary>People and a prompt.</summary>
/// <param name="Number">Of the people, as files are numbered.</param>
/// <param name="Prompt">With their words marked.</param>
/// <param name="Scored">As the picture is compared with it.</param>
internal sealed record IdentityCase(int Number, IReadOnlyList<EvaluationSubject> People, int PromptNumber, string Prompt, string Scored)
{
    public static IEnumerable<IdentityCase> OfOne(IReadOnlyList<EvaluationSubject> people) => people.Index().SelectMany(item =>
        Of(item.Index, [item.Item], EvaluationPrompts.Of(item.Item.Kind), EvaluationPrompts.Scored(item.Item.Kind)));

    public static IEnumerable<IdentityCase> OfTwo(IReadOnlyList<EvaluationSubject> people) => EvaluationSubjects.Pairs(people).Index().SelectMany(item =>
        Of(item.Index, [item.Item.First, item.Item.Second],
            EvaluationPrompts.OfTwo(item.Item.First.Kind, item.Item.Second.Kind), EvaluationPrompts.ScoredOfTwo(item.Item.First.Kind, item.Item.Second.Kind)));

    /// <summary>As the reference calls it.</summary>
    public string FileName(int instance) =>
        string.Create(CultureInfo.InvariantCulture, $"subject_{Number:D4}_prompt_{PromptNumber:D4}_instance_{instance:D4}.jpg");

    private static IEnumerable<IdentityCase> Of(
        int number, IReadOnlyList<EvaluationSubject> people, IReadOnlyList<string> prompts, IReadOnlyList<string> scored) =>
        prompts.Zip(scored).Select((pair, i) => new IdentityCase(number, people, i, Marked(pair.First, people), pair.Second));

    // Marked words are the same tokens for every method.
    private static string Marked(string prompt, IReadOnlyList<EvaluationSubject> people) => people.Select(person => person.Kind).Distinct()
        .Aggregate(prompt, (text, kind) => text.Replace($" {kind} {PlaceholderTokens.Img}", $" {{{kind}}}", StringComparison.Ordinal));
}
