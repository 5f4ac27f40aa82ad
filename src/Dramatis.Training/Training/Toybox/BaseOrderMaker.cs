using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Toybox.Grounds;

namespace Dramatis.Training.Toybox;

/// <summary>Draws orders from a pool. Order i depends on the seed and on i alone.</summary>
/// <param name="side">Pixels along one side of a reference.</param>
internal sealed class BaseOrderMaker(LatentPool pool, SubjectBank bank, ReferenceMaker references, BaseRecipe recipe, ulong seed, int side)
{
    private const uint Stream = 0x0DE5;

    // A word in whose place a picture stands is the subject's own name, another subject's, or says nothing: what it says must not matter.
    public const double OwnName = .25;
    public const double OtherName = .5;
    public const string Nothing = "thing";

    // Pictures in the place of words that are stretched to squares, as the bench's references are; the others have their subject's sides.
    public const double Stretched = .5;

    private enum Shown
    {
        Both,
        ReferenceOnly,
        NameOnly,
    }

    /// <param name="item">Counts the orders from the start of the training.</param>
    public BaseOrder Make(long item)
    {
        var random = new StableRandom(seed, item, Stream);
        var named = random.Chance(recipe.NamedOrders);
        var scene = named && pool.Recipe.NamedScenes > 0 && random.Chance(.5)
            ? pool.Recipe.Scenes + random.Below(pool.Recipe.NamedScenes)
            : random.Below(pool.Recipe.Scenes);
        return named || random.Chance(recipe.ReferencesDropped)
            ? ByName(scene, random)
            : WithReferences(scene, item, random);
    }

    private BaseOrder ByName(int scene, StableRandom random)
    {
        var parts = pool.Scenes[scene].Parts;
        if (!random.Chance(recipe.BoundWords))
        {
            var caption = Caption(pool.Scenes[scene], parts, random).Text;
            return new(scene, random.Chance(recipe.TextDropped) ? "" : caption, []);
        }

        var shown = random.Chance(recipe.ShownWords)
            ? parts.DistinctBy(part => part.Subject).ToDictionary(part => part.Subject, part => Show(part, random))
            : [];
        var (text, phrases) = Caption(
            pool.Scenes[scene], parts.Select(part => shown.ContainsKey(part.Subject) ? part with { Phrase = Instead(part, random) } : part), random);
        return random.Chance(recipe.TextDropped) ? new(scene, "", []) : new(scene, text, [])
        {
            Words = [.. parts.Select(part => new PlacedWords(phrases[part.Subject], part.Place, shown.GetValueOrDefault(part.Subject)))],
        };
    }

    private ShownWord Show(ScenePart part, StableRandom random)
    {
        var square = ToyboxPictures.From(references.Draw(part, recipe.SameView, side, random), side);
        return new(random.Chance(Stretched) ? square : ToyboxPictures.InShape(square, part.Place), bank.Subjects[part.Subject].Name);
    }

    // Plural where the phrase is.
    private string Instead(ScenePart part, StableRandom random)
    {
        var draw = random.NextDouble();
        var name = draw < OwnName ? bank.Subjects[part.Subject].Name
            : draw < OwnName + OtherName ? bank.Subjects[random.Pick(bank.Seen)].Name
            : Nothing;
        return part.Phrase == bank.Subjects[part.Subject].Name ? name : Captions.Plural(name);
    }

    private BaseOrder WithReferences(int scene, long item, StableRandom random)
    {
        var parts = pool.Scenes[scene].Parts;
        var shown = parts.Select(part => part.Subject).Distinct().ToDictionary(subject => subject, _ => Draw(random));
        var caption = Caption(pool.Scenes[scene], parts.Where(part => shown[part.Subject] != Shown.ReferenceOnly), random).Text;
        var speechless = random.Chance(recipe.TextDropped);
        var laid = new StableRandom(seed, item, Stream + 1);
        var isCollage = !laid.Chance(recipe.NoCollage);
        var cast = parts
            .Where(part => shown[part.Subject] != Shown.NameOnly)
            .Select(part => new OrderedSubject(
                speechless || shown[part.Subject] == Shown.ReferenceOnly ? "" : part.Phrase,
                part.Place,
                references.Draw(part, recipe.SameView, side, random),
                isCollage && !laid.Chance(recipe.NotLaid)));
        return new(scene, speechless ? "" : caption, [.. cast]);
    }

    private Shown Draw(StableRandom random)
    {
        var draw = random.NextDouble();
        return draw < recipe.ReferenceOnly ? Shown.ReferenceOnly
            : draw < recipe.ReferenceOnly + recipe.NameOnly ? Shown.NameOnly
            : Shown.Both;
    }

    // Names in random order, so that the order of words says nothing about places; where each subject's phrase is.
    private (string Text, IReadOnlyDictionary<int, Range> Phrases) Caption(PoolScene scene, IEnumerable<ScenePart> named, StableRandom random)
    {
        (int Subject, string Phrase, int Count)[] cast =
            [.. named.GroupBy(part => part.Subject).Select(group => (group.Key, group.First().Phrase, Math.Min(2, group.Count())))];
        random.Shuffle<(int, string, int)>(cast);
        var silent = cast.Length > 0 && random.Chance(recipe.NoSceneWords);
        var (text, phrases) = Captions.Marked(
            [.. cast.Select(item => (item.Phrase, item.Count))], silent ? "" : GroundKinds.Lit[scene.Background].Words);
        return (text, cast.Zip(phrases).ToDictionary(item => item.First.Subject, item => item.Second));
    }
}
