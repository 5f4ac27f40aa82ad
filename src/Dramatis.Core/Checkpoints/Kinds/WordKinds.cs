namespace Dramatis.Checkpoints.Kinds;

/// <summary>Learned words: a few rows each.</summary>
internal static class WordKinds
{
    private const int MostRows = 77;
    private const string WebUiPrefix = "string_to_param.";
    private const int MostListed = 8;
    private const string WebUi = "string_to_param.*";
    private const string OneEncoder = "(clip_(l|g|h)|text_encoders_(0|1))";

    /// <summary>Before the ids that the original code keeps beside the rows.</summary>
    public const string IdsPrefix = "string_to_token.";

    private static readonly IReadOnlyList<FactRule> Facts = [new("rows", Rows)];

    public static IReadOnlyList<KindRule> All { get; } =
    [
        Word("textual inversion of SDXL", CheckpointType.LearnedWord, "(clip_l|clip_g)", "clip_l", "clip_g") with { Width = null, Fits = FamilyNames.Sdxl },
        Word("textual inversion of SDXL", CheckpointType.LearnedWord, "text_encoders_(0|1)", "text_encoders_0", "text_encoders_1") with
        {
            Width = null, Fits = FamilyNames.Sdxl,
        },
        Word("textual inversion of one text encoder", CheckpointType.LearnedWord, OneEncoder, OneEncoder) with { Width = null },
        Word("textual inversion (web UI)", CheckpointType.LearnedWord, "string_to_(param|token).*", "string_to_param.*"),
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
        IsId(entry) || (entry.Shape is [> 1] or [> 0 and <= MostRows, > 1]
            && (entry.Name.StartsWith(WebUiPrefix, StringComparison.Ordinal)
                || entry.Name is ['<', .., '>'] || !entry.Name.Contains('.', StringComparison.Ordinal))));

    private static bool IsId(TensorEntry entry) => entry.Name.StartsWith(IdsPrefix, StringComparison.Ordinal);

    private static string Rows(TensorArchive archive)
    {
        var words = archive.Tensors.Values.Where(entry => !IsId(entry)).OrderBy(entry => entry.Name, StringComparer.Ordinal).Take(MostListed)
            .Select(entry => $"{Title(archive, entry.Name)}{(entry.Shape.Count == 1 ? 1 : entry.Shape[0])} of {entry.Shape[^1]}");
        return string.Join(", ", words) + (archive.Tensors.Count > MostListed ? ", ..." : "");
    }

    // Where the file names no word, its metadata may.
    private static string Title(TensorArchive archive, string name) =>
        name is not (WebUi or "emb_params" or "root") ? $"{name} " : archive.Metadata.TryGetValue("name", out var word) ? $"{word} " : "";
}
