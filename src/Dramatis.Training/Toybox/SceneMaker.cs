using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Composes scenes. Scene i depends on the seed and on i alone, so any thread may make any scene in any order.</summary>
internal sealed class SceneMaker
{
    /// <summary>Pixels of a scene, square.</summary>
    public const int Side = 128;

    /// <summary>Pixels of a reference, square: what the toybox's vision encoder sees.</summary>
    public const int ReferenceSide = 64;

    private const uint Stream = 0x5CE7E;
    private const int Tries = 24;
    private const double LargestOverlap = .12;

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
        var split = options.Split switch
        {
            SubjectSplit.Seen => bank.Seen,
            SubjectSplit.HeldOut => bank.HeldOut,
            _ => [.. Enumerable.Range(0, bank.Subjects.Count)],
        };
        families = (options.Only ?? (options.OnlyCommon ? bank.Common : null)) is { } only
            ? [.. only.Select(i => new[] { i })]
            : [.. split.GroupBy(i => bank.Subjects[i].Family).Select(family => family.ToArray())];
    }

    /// <summary>Makes scene number <paramref name="index"/>.</summary>
    public Scene Make(long index)
    {
        var random = new StableRandom(seed, index, Stream);
        var kind = random.Below(Backgrounds.Kinds.Count);
        var canvas = new Canvas(Side, Side);
        backgrounds.Paint(kind, random, canvas);

        var count = DrawCount(random);
        var twins = count >= 2 && random.Chance(options.Twins);
        var parts = new List<ScenePart>(count);
        for (var i = 0; i < count; i++)
        {
            var subject = twins && i == 1 ? parts[0].Subject : random.Pick(random.Pick(families));
            if (Place(subject, count, parts, canvas, random) is { } part)
            {
                parts.Add(part);
            }
        }

        return Describe(canvas.Rgb, kind, parts, random);
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

    private ScenePart? Place(int subject, int count, List<ScenePart> others, Canvas canvas, StableRandom random)
    {
        var cutout = bank.Cutouts[subject];
        var view = View.Draw(random);
        var crowd = Math.Pow(Math.Max(1, count), -.42);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var size = Side * crowd * random.Between(options.Sizes.From, options.Sizes.To) * (1 - (.4 * attempt / Tries));
            var (halfWidth, halfHeight) = Reach(cutout, view, size);
            if (halfWidth * 2 >= Side - 2 || halfHeight * 2 >= Side - 2)
            {
                continue;
            }

            var x = random.Between(halfWidth, Side - halfWidth);
            var y = random.Between(halfHeight, Side - halfHeight);
            var guess = new Box((x - halfWidth) / Side, (y - halfHeight) / Side, (x + halfWidth) / Side, (y + halfHeight) / Side);
            if (others.Any(other => other.Tight.Overlap(guess) > LargestOverlap))
            {
                continue;
            }

            canvas.DrawShadow(x, y + halfHeight - (.04 * size), halfWidth * .9, Math.Max(3, halfHeight * .18), .45);
            var drawn = canvas.Draw(cutout, view, x, y, size);
            var tight = new Box(drawn.Left / Side, drawn.Top / Side, drawn.Right / Side, drawn.Bottom / Side);
            return new(subject, bank.Subjects[subject].Name, tight, Loosen(tight, random), view);
        }

        return null;
    }

    private static (double HalfWidth, double HalfHeight) Reach(Cutout cutout, View view, double size)
    {
        var longer = Math.Max(cutout.Width, cutout.Height);
        var (width, height) = (size * cutout.Width / longer, size * cutout.Height / longer);
        var (sin, cos) = Math.SinCos(Math.Abs(view.Angle) * Math.PI / 180);
        return (((cos * width) + (sin * height)) / 2, ((sin * width) + (cos * height)) / 2);
    }

    // Users' places are loose: each side moves outward by up to a fifth of the box's length.
    private Box Loosen(Box tight, StableRandom random)
    {
        if (!random.Chance(options.LoosePlaces))
        {
            return tight;
        }

        double Out(double length) => random.Between(0, .2) * length;
        return new(
            Math.Max(0, tight.Left - Out(tight.Width)),
            Math.Max(0, tight.Top - Out(tight.Height)),
            Math.Min(1, tight.Right + Out(tight.Width)),
            Math.Min(1, tight.Bottom + Out(tight.Height)));
    }

    private Scene Describe(byte[] rgb, int kind, List<ScenePart> parts, StableRandom random)
    {
        var counts = parts.CountBy(part => part.Subject).ToDictionary();
        var described = parts
            .Select(part => counts[part.Subject] > 1 ? part with { Phrase = Captions.Plural(part.Phrase) } : part)
            .ToArray();
        (string Phrase, int Count)[] cast = [.. described.DistinctBy(part => part.Subject).Select(part => (part.Phrase, Math.Min(2, counts[part.Subject])))];
        random.Shuffle<(string, int)>(cast);
        var words = parts.Count > 0 && random.Chance(options.NoSceneWords) ? "" : Backgrounds.Kinds[kind].Words;
        return new()
        {
            Rgb = rgb,
            Background = kind,
            Caption = Captions.Write(cast, words),
            Parts = described,
        };
    }
}
