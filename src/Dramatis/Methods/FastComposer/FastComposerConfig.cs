using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Tokenizers;

namespace Dramatis.Methods.FastComposer;

/// <summary>What a checkpoint was trained for, and its weights do not say.</summary>
internal sealed record FastComposerConfig
{
    private const string CleaningField = "text_cleaning";
    private const string ImaginedField = "imagined";

    private static readonly (string Name, TextCleaning Cleaning)[] Cleanings =
        [("usual", TextCleaning.Usual), ("basic", TextCleaning.Basic), ("ftfy", TextCleaning.Ftfy)];

    /// <summary>As the released checkpoint wants it.</summary>
    public static FastComposerConfig Released { get; } = new();

    /// <summary>Subjects of one picture, at most: as many as a training sample had.</summary>
    public int MostSubjects { get; init; } = 4;

    /// <summary>Pixels a side that references are brought to first; null: the image encoder's own.</summary>
    public int? Resolution { get; init; }

    /// <summary>The fraction of the steps in which subjects are their words alone, where a subject says nothing (1 - α of the paper).</summary>
    public double Start { get; init; } = .3;

    /// <summary>How texts are cleaned: the released checkpoint was trained on an installation without ftfy.</summary>
    public TextCleaning Cleaning { get; init; } = TextCleaning.Basic;

    /// <summary>Whether the model's prior reads what the words have come to mean, and the method that shows what it imagines acts beside.</summary>
    public bool IsImagined { get; init; }

    /// <exception cref="Errors.InvalidConfigException">A field is malformed, or the settings are another method's.</exception>
    public static FastComposerConfig Read(ConfigReader config)
    {
        config.Require("method", FastComposerMethod.Name);
        return new()
        {
            MostSubjects = config.Whole("max_subjects", Released.MostSubjects),
            Resolution = config.Has("resolution") ? config.Whole("resolution") : null,
            Start = config.Number("start", Released.Start),
            Cleaning = CleaningOf(config),
            IsImagined = config.Bool(ImaginedField, Released.IsImagined),
        };
    }

    /// <summary>The text of a <c>config.json</c>.</summary>
    public string ToJson()
    {
        (string, JsonNode?)[] fields =
            [("method", FastComposerMethod.Name), ("max_subjects", MostSubjects), ("start", Start),
                (CleaningField, Cleanings.First(item => item.Cleaning == Cleaning).Name)];
        return ConfigWriter.Write(
        [
            .. fields,
            .. Resolution is { } side ? [("resolution", side)] : Array.Empty<(string, JsonNode?)>(),
            .. IsImagined ? [(ImaginedField, true)] : Array.Empty<(string, JsonNode?)>(),
        ]);
    }

    private static TextCleaning CleaningOf(ConfigReader config)
    {
        var name = config.Text(CleaningField, Cleanings[0].Name);
        return Array.Find(Cleanings, item => item.Name == name) is { Name: not null } known
            ? known.Cleaning
            : throw config.Unsupported(CleaningField, name, string.Join(", ", Cleanings.Select(item => $"\"{item.Name}\"")));
    }
}
