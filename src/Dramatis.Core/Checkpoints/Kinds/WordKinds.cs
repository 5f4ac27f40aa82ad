namespace Dramatis.Checkpoints.Kinds;

/// <summary>Learned words: a few rows each.</summary>
internal static class WordKinds
{
    private const int MostRows = 77;
    private const int MostListed = 8;
    private const string WebUi = "string_to_param.*";

    private static readonly IReadOnlyList<FactRule> Facts = [new("rows", Rows)];

    public static IReadOnlyList<KindRule> All { get; } =
    [
        Word("textual inversion of SDXL", CheckpointType.LearnedWord, "(clip_l|clip_g)", "clip_l", "clip_g") with { Width = null, Fits = FamilyNames.Sdxl },
        Word("textual inversion (web UI)", CheckpointType.LearnedWord, WebUi, WebUi),
        Word("textual inversion (web UI)", CheckpointType.LearnedWord, "emb_params", "emb_params"),
        Word("textual inversion", CheckpointType.LearnedWord, "<*>", "<*>"),
        Word("residual embedding of Cones 2", CheckpointType.Residual, "root", "root"),
        Word("rows for words: residuals of Cones 2 by subject, or a textual inversion without brackets", CheckpointType.LearnedRows, "*", "*"),
    ];

    private static KindRule Word(string name, CheckpointType type, string names, params NamePattern[] needs) => new(name, needs)
    {
        Type = type,
        Also = AreRows,
        Width = needs[0],
        Facts = Facts,
        Names = names,
    };

    // Names of words have no dots outside brackets, unless the file has no name of its own for one.
    private static bool AreRows(TensorArchive archive) => archive.Tensors.Values.All(entry =>
        entry.Shape is [> 1] or [> 0 and <= MostRows, > 1]
        && (entry.Name is WebUi or ['<', .., '>'] || !entry.Name.Contains('.', StringComparison.Ordinal)));

    private static string Rows(TensorArchive archive)
    {
        var words = archive.Tensors.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal).Take(MostListed)
            .Select(entry => $"{Title(archive, entry.Name)}{(entry.Shape.Count == 1 ? 1 : entry.Shape[0])} of {entry.Shape[^1]}");
        return string.Join(", ", words) + (archive.Tensors.Count > MostListed ? ", ..." : "");
    }

    // Where the file names no word, its metadata may.
    private static string Title(TensorArchive archive, string name) =>
        name is not (WebUi or "emb_params" or "root") ? $"{name} " : archive.Metadata.TryGetValue("name", out var word) ? $"{word} " : "";
}
