using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Finds room for the subjects of one scene and draws them.</summary>
internal abstract class SceneStage(SubjectBank bank, SceneOptions options, Canvas canvas)
{
    protected const int Tries = 24;
    private const double LargestOverlap = .12;

    /// <summary>Pixels of the scene, square.</summary>
    protected int Side { get; } = options.Side;

    protected SceneOptions Options { get; } = options;

    protected SubjectBank Bank { get; } = bank;

    protected Canvas Canvas { get; } = canvas;

    /// <summary>Subjects that have found room so far.</summary>
    public abstract IReadOnlyList<int> Subjects { get; }

    /// <summary>Gives a subject room, if there is any.</summary>
    /// <param name="count">Subjects that shall stand in the scene; many are smaller than few.</param>
    public abstract void Place(int subject, int count, StableRandom random);

    /// <summary>All that have found room, drawn, from back to front.</summary>
    public abstract IReadOnlyList<ScenePart> Finish(StableRandom random);

    protected static double Crowd(int count) => Math.Pow(Math.Max(1, count), -.42);

    protected Box Around(double x, double y, double halfWidth, double halfHeight) =>
        new((x - halfWidth) / Side, (y - halfHeight) / Side, (x + halfWidth) / Side, (y + halfHeight) / Side);

    protected static bool IsFree(Box box, IEnumerable<Box> others) => !others.Any(other => other.Overlap(box) > LargestOverlap);

    protected static (double HalfWidth, double HalfHeight) Reach(Cutout cutout, View view, double size)
    {
        var longer = Math.Max(cutout.Width, cutout.Height);
        var (width, height) = (size * cutout.Width / longer, size * cutout.Height / longer);
        var (sin, cos) = Math.SinCos(Math.Abs(view.Angle) * Math.PI / 180);
        return (((cos * width) + (sin * height)) / 2, ((sin * width) + (cos * height)) / 2);
    }

    /// <param name="drawn">What is visible of the subject, in pixels.</param>
    protected ScenePart Part(int subject, View view, Box drawn, StableRandom random)
    {
        var tight = new Box(drawn.Left / Side, drawn.Top / Side, drawn.Right / Side, drawn.Bottom / Side);
        return new(subject, Bank.Subjects[subject].Name, tight, Loosen(tight, random), view);
    }

    // Users' places are loose: each side moves outward by up to a fifth of the box's length.
    private Box Loosen(Box tight, StableRandom random)
    {
        if (!random.Chance(Options.LoosePlaces))
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
}
