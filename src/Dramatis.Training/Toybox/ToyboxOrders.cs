using Dramatis.Pictures;
using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Draws orders. An order depends on the seed, on its number and on the options alone.</summary>
internal sealed class ToyboxOrders
{
    private const uint Stream = 0x0DE6;
    private const uint FurtherStream = 0x0DE7;
    private const int GroundVariants = 24;
    private const int MostTries = 1000;

    // Photographs show more than their subject.
    private static readonly Margins AroundPhotographed = new(.2, .15, .2, .15);

    private readonly SubjectBank bank;
    private readonly ulong seed;
    private readonly ToyboxOrderOptions options;
    private readonly Backgrounds backgrounds;
    private readonly ReferenceMaker references;

    public ToyboxOrders(SubjectBank bank, ulong seed, ToyboxOrderOptions? options = null)
    {
        this.bank = bank;
        this.seed = seed;
        this.options = options ?? new();
        backgrounds = this.options.Scenes.Grounds(seed, GroundVariants);
        references = new(bank, backgrounds, onScene: 0, photographs: this.options.Photographs);
    }

    /// <summary>Orders of so many subjects each, of different families, all of the options' side of the split.</summary>
    /// <param name="subjects">1 to 6 subjects in a picture.</param>
    /// <param name="of">Which subjects; null for all.</param>
    public IReadOnlyList<ToyboxOrder> Make(int subjects, int count, IReadOnlyList<int>? of = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(subjects, 1);
        return Draw(count, (ulong)subjects, options.Scenes with
        {
            Split = options.Split,
            OnlyCommon = options.OnlyCommon,
            Only = of,
            Counts = Exactly(subjects),
            LoosePlaces = options.LoosePlaces,
            NoSceneWords = 0,
            Twins = 0,
        });
    }

    /// <summary>Orders that only name one large subject that training has seen, without a reference or a place.</summary>
    public IReadOnlyList<ToyboxOrder> MakeByName(int count)
    {
        var made = Draw(count, 0, options.Scenes with
        {
            Split = SubjectSplit.Seen,
            OnlyCommon = true,
            Counts = Exactly(1),
            Sizes = (.5, .85),
            NoSceneWords = 0,
        });
        return [.. made.Select(order => order with { Named = new(order.Subjects[0].Subject, order.Subjects[0].Phrase), Subjects = [] })];
    }

    private IReadOnlyList<ToyboxOrder> Draw(int count, ulong set, SceneOptions scenes)
    {
        var setSeed = new StableRandom(seed, (long)set, Stream).NextBits();
        var maker = new SceneMaker(bank, backgrounds, setSeed, scenes);
        var grounds = new SceneMaker(bank, backgrounds, setSeed, scenes with { Counts = [1] });
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            var (scene, index) = Compose(maker, number, scenes.Counts.Count - 1);
            return Order(number, scene, grounds.Make(index), new(setSeed, number, Stream), new(setSeed, number, FurtherStream));
        })];
    }

    // Scenes where a subject found no room, or a family comes twice, are passed over.
    private (Scene Scene, long Index) Compose(SceneMaker maker, int number, int subjects)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var index = ((long)number * MostTries) + attempt;
            var scene = maker.Make(index);
            if (scene.Parts.Select(part => bank.Subjects[part.Subject].Family).Distinct().Count() == subjects)
            {
                return (scene, index);
            }
        }

        throw new InvalidOperationException($"{subjects} subjects find no room in a scene.");
    }

    private ToyboxOrder Order(int number, Scene scene, Scene ground, StableRandom random, StableRandom further) => new()
    {
        Number = number,
        Seed = random.NextBits() >> 32,
        Prompt = scene.Caption,
        Subjects =
        [
            .. scene.Parts.Select(part => new ToyboxOrderSubject(
                part.Subject,
                part.Phrase,
                Reference(part.Subject, random),
                part.Place,
                part.Tight)
            {
                Further = [.. Enumerable.Range(1, options.References - 1).Select(_ => Reference(part.Subject, further))],
            }),
        ],
        Background = scene.Background,
        Composed = ToyboxPictures.From(scene.Rgb, options.Scenes.Side),
        Inside = scene.Inside,
        Empty = ToyboxPictures.From(ground.Rgb, options.Scenes.Side),
    };

    // What lies on a plain ground is stretched to a square, as training shows it; a photograph has the shape of what it shows.
    private Picture Reference(int subject, StableRandom random) => options.Photographs is null
        ? ToyboxPictures.From(references.Draw(subject, View.Draw(random), Margins.None, options.ReferenceSide, random), options.ReferenceSide)
        : references.DrawInShape(subject, View.Draw(random), AroundPhotographed, options.ReferenceSide, random);

    private static double[] Exactly(int count) => [.. Enumerable.Repeat(0.0, count), 1];
}

/// <summary>What orders are like.</summary>
internal sealed record ToyboxOrderOptions
{
    /// <summary>What scenes they are of.</summary>
    public SceneOptions Scenes { get; init; } = new();

    /// <summary>Whether training has seen their subjects.</summary>
    public SubjectSplit Split { get; init; } = SubjectSplit.HeldOut;

    /// <summary>Whether only those with a common name stand in them.</summary>
    public bool OnlyCommon { get; init; }

    /// <summary>Pixels along one side of a reference; the vision encoder's own when it is to see what training showed.</summary>
    public int ReferenceSide { get; init; } = SceneMaker.ReferenceSide;

    /// <summary>How many of each subject; the first does not depend on it.</summary>
    public int References { get; init; } = 1;

    /// <summary>What references stand on instead of a plain ground; null for that.</summary>
    public PhotographGrounds? Photographs { get; init; }

    /// <summary>Share of places that are looser than the subject's tight box, each side by up to a fifth.</summary>
    public double LoosePlaces { get; init; }
}
