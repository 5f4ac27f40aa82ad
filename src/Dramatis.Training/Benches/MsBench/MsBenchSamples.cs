using System.Globalization;
using Dramatis.Requests;

namespace Dramatis.Benches.MsBench;

/// <summary>A subject of MS-Bench.</summary>
/// <param name="Name">Of its picture, without ending.</param>
/// <param name="Phrase">The words that mean it in prompts.</param>
internal sealed record MsBenchSubject(string Name, string Phrase);

/// <summary>One picture to paint: subjects, places, and a prompt.</summary>
/// <param name="Kind">The types of its subjects, for example <c>living_object</c>.</param>
internal sealed record MsBenchSample(string Kind, IReadOnlyList<MsBenchSubject> Subjects, IReadOnlyList<Box> Places, string Prompt)
{
    /// <summary>How the sample is written in lists.</summary>
    public string Line => $"{Kind}|{string.Join(',', Subjects.Select(subject => subject.Name))}|{Prompt}";
}

/// <summary>All samples of MS-Bench (arXiv 2406.07209): subjects of one type in any set, of several types in any combination.</summary>
internal static class MsBenchSamples
{
    private static readonly string[] Scenes = ["in a room", "in the snow", "in the jungle", "on the beach", "on the grass", "on a cobblestone street"];

    private static readonly Box[] Pair = [new(0, .25, .5, .75), new(.5, .25, 1, .75)];
    private static readonly Box[] Triple = [new(0, .25, .35, .75), new(.35, .25, .65, .75), new(.65, .25, 1, .75)];
    private static readonly Box Middle = new(.25, .25, .75, .75);

    /// <summary>Subjects by type, in ordinal order of their names.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<MsBenchSubject>> Subjects { get; } = new Dictionary<string, IReadOnlyList<MsBenchSubject>>
    {
        ["living"] = Of("cat", "cat1", "cat2", "dog", "dog1", "dog2", "dog5", "dog6", "dog7", "dog8"),
        ["object"] = Of(
            "backpack", "clock", "colorful_sneaker=sneaker", "duck_toy=toy", "flower", "grey_sloth_plushie=stuffed animal", "lantern", "teapot",
            "teddybear=stuffed animal", "wolf_plushie=stuffed animal"),
        ["scene"] = Of("barn", "forest", "mountain", "waterfall"),
        ["upwearing"] = Of("cap", "cap1", "hat", "hat1", "hat2"),
        ["midwearing"] = Of("coat", "jacket", "shirt", "shirt1", "sweater", "t-shirt"),
        ["wholewearing"] = Of("dress", "dress1"),
        ["downwearing"] = Of("jeans", "shorts1=shorts", "trousers"),
    };

    /// <summary>The kinds of samples.</summary>
    public static IReadOnlyList<MsBenchKind> Kinds { get; } =
    [
        new("living_living", Pair, InScenes("a {0} and a {1}")),
        new("living_object", Pair, InScenes("a {0} and a {1}")),
        new("object_object", Pair, InScenes("a {0} and a {1}")),
        new("living_upwearing", [Middle, new(.25, 0, .75, .25)], InScenes("a {0} wearing a {1}")),
        new("living_midwearing", [Middle, Middle], InScenes("a {0} wearing a {1}")),
        new("living_wholewearing", [Middle, new(.25, .25, .75, 1)], InScenes("a {0} wearing a {1}")),
        new("midwearing_downwearing", [new(.25, .25, .75, .6), new(.25, .6, .75, 1)], InScenes("a woman wearing a {0} and {1}")),
        new("living_scene", [Middle, Box.Whole], ["a {0} with a {1} in the background"]),
        new("object_scene", [Middle, Box.Whole], ["a {0} with a {1} in the background"]),
        new("living_living_living", Triple, InScenes("a {0}, a {1}, and a {2}")),
        new("object_object_object", Triple, InScenes("a {0}, a {1}, and a {2}")),
        new("living_object_scene", [.. Pair, Box.Whole], ["a {0} and {1} with a {2} in the background"]),
        new(
            "upwearing_midwearing_downwearing",
            [new(.25, 0, .75, .25), new(.25, .25, .75, .6), new(.25, .6, .75, 1)],
            InScenes("a woman wearing a {0}, a {1}, and a {2}")),
    ];

    /// <summary>All 4,488 samples, kind by kind.</summary>
    public static IEnumerable<MsBenchSample> All => Kinds.SelectMany(Samples);

    /// <summary>The samples of one kind.</summary>
    public static IEnumerable<MsBenchSample> Samples(MsBenchKind kind) =>
        from cast in Casts([.. kind.Name.Split('_')])
        from template in kind.Templates
        select new MsBenchSample(
            kind.Name,
            cast,
            kind.Places,
            string.Format(CultureInfo.InvariantCulture, template, [.. cast.Select(subject => subject.Phrase)]));

    // Sets within a type, in order; every combination across types.
    private static IEnumerable<IReadOnlyList<MsBenchSubject>> Casts(string[] types, int from = 0)
    {
        if (types is not [var type, .. var rest])
        {
            return [[]];
        }

        var next = rest is [var following, ..] && following == type;
        return Subjects[type].Index().Skip(from).SelectMany(item =>
            Casts(rest, next ? item.Index + 1 : 0).Select(others => (IReadOnlyList<MsBenchSubject>)[item.Item, .. others]));
    }

    private static MsBenchSubject[] Of(params string[] names) => [.. names.Select(name => name.Split('=') is [var file, var phrase]
        ? new MsBenchSubject(file, phrase)
        : new(name, name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')))];

    private static string[] InScenes(string template) => [.. Scenes.Select(scene => $"{template} {scene}")];
}

/// <summary>Samples with subjects of the same types.</summary>
/// <param name="Name">The types, joined by underscores.</param>
/// <param name="Places">One for each subject.</param>
/// <param name="Templates">Prompts with {0}, {1}, {2} for the subjects' phrases.</param>
internal sealed record MsBenchKind(string Name, IReadOnlyList<Box> Places, IReadOnlyList<string> Templates);
