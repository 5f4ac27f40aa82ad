namespace Dramatis.Benches.FastComposer;

/// <summary>A person of the published evaluation.</summary>
/// <param name="Id">Of the person in CelebA, and the folder of the picture.</param>
/// <param name="Kind">The word for the person.</param>
/// <param name="File">The one picture that is shown.</param>
internal sealed record EvaluationSubject(string Id, string Kind, string File);

/// <summary>Who is painted in the published evaluation (arXiv 2305.10431).</summary>
internal static class EvaluationSubjects
{
    private const string Man = "man";
    private const string Woman = "woman";

    /// <summary>In the order of their numbers.</summary>
    public static IReadOnlyList<EvaluationSubject> All { get; } =
    [
        new("000001", Man, "000000023.jpg"),
        new("000181", Man, "000000021.jpg"),
        new("000268", Man, "000000032.jpg"),
        new("000612", Woman, "000000010.jpg"),
        new("000667", Woman, "000000017.jpg"),
        new("001603", Woman, "000000034.jpg"),
        new("001854", Man, "000000015.jpg"),
        new("002088", Woman, "000000040.jpg"),
        new("002464", Woman, "000000018.jpg"),
        new("002782", Man, "000000020.jpg"),
        new("002880", Woman, "000000001.jpg"),
        new("002929", Woman, "000000019.jpg"),
        new("002937", Woman, "000000002.jpg"),
        new("003785", Man, "000000013.jpg"),
        new("004153", Woman, "000000006.jpg"),
    ];

    /// <summary>Every two of some, the first with each behind it, then the second.</summary>
    public static IEnumerable<(T First, T Second)> Pairs<T>(IReadOnlyList<T> all) =>
        all.Index().SelectMany(item => all.Skip(item.Index + 1).Select(second => (item.Item, second)));
}
