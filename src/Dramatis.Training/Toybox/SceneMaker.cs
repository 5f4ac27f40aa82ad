using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Composes scenes. Scene i depends on the seed and on i alone, so any thread may make any scene in any order.</summary>
internal sealed class SceneMaker
{
    /// <summary>Pixels of a usual scene, square.</summary>
    public const int Side = 128;

    /// <summary>Pixels of a reference, square: what the toybox's vision encoder sees.</summary>
    public const int ReferenceSide = 64;

    private const uint Stream = 0x5CE7E;

    private readonly SubjectBank bank;
    private readonly Backgrounds backgrounds;
    private readonly ulong seed;
    private readonly SceneOptions options;
    private readonly int[][] families;    // a family is as likely as another, however many skin variants it has

    public SceneMaker(SubjectBank bank, Backgrounds backgrounds, ulong seed, SceneOptions options)
    {
        this.bank = bank;
        this.backgrounds = backgrounds;
        this.seed = seed;
        this.options = options;
        var split = bank.Of(options.Split);
        families = (options.Only ?? (options.OnlyCommon ? bank.Common : null)) is { } only
            ? [.. only.Select(i => new[] { i })]
            : [.. split.GroupBy(i => bank.Subjects[i].Family).Select(family => family.ToArray())];
    }

    /// <summary>Makes scene number <paramref name="index"/>.</summary>
    public Scene Make(long index)
    {
        var random = new StableRandom(seed, index, Stream);
        var which = options.Ground ?? backgrounds.PickGround(random);
        var canvas = new Canvas(options.Side, options.Side);
        var ground = backgrounds.Paint(which, random, canvas);
        SceneStage stage = backgrounds.Style == SceneStyle.Lit
            ? new LitStage(bank, options, canvas, ground)
            : new PlainStage(bank, options, canvas);

        var count = DrawCount(random);
        var twins = count >= 2 && random.Chance(options.Twins);
        for (var i = 0; i < count; i++)
        {
            stage.Place(twins && i == 1 ? stage.Subjects[0] : random.Pick(random.Pick(families)), count, random);
        }

        return Describe(canvas, which.Kind, stage.Finish(random), random);
    }

    private int DrawCount(StableRandom random)
    {
        var draw = random.NextDouble() * options.Counts.Sum();
        var count = 0;
        while (count < options.Counts.Count - 1 && (draw -= options.Counts[count]) >= 0)
        {
            count++;
        }

        return count;
    }

    private Scene Describe(Canvas canvas, int kind, IReadOnlyList<ScenePart> parts, StableRandom random)
    {
        var counts = parts.CountBy(part => part.Subject).ToDictionary();
        var described = parts
            .Select(part => counts[part.Subject] > 1 ? part with { Phrase = Captions.Plural(part.Phrase) } : part)
            .ToArray();
        (string Phrase, int Count)[] cast = [.. described.DistinctBy(part => part.Subject).Select(part => (part.Phrase, Math.Min(2, counts[part.Subject])))];
        random.Shuffle<(string, int)>(cast);
        var words = parts.Count > 0 && random.Chance(options.NoSceneWords) ? "" : backgrounds.Choice[kind].Words;
        return new()
        {
            Rgb = canvas.Rgb,
            Inside = canvas.Inside,
            Background = kind,
            Caption = Captions.Write(cast, words),
            Parts = described,
        };
    }
}
