using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Toybox.Grounds;

namespace Dramatis.Training.Toybox;

/// <summary>Draws orders from a pool. Order i depends on the seed and on i alone.</summary>
/// <param name="side">Pixels along one side of a reference.</param>
internal sealed class BaseOrderMaker(LatentPool pool, ReferenceMaker references, BaseRecipe recipe, ulong seed, int side)
{
    private const uint Stream = 0x0DE5;

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
            : WithReferences(scene, random);
    }

    private BaseOrder ByName(int scene, StableRandom random)
    {
        var caption = Caption(pool.Scenes[scene], pool.Scenes[scene].Parts, random);
        return new(scene, random.Chance(recipe.TextDropped) ? "" : caption, []);
    }

    private BaseOrder WithReferences(int scene, StableRandom random)
    {
        var parts = pool.Scenes[scene].Parts;
        var shown = parts.Select(part => part.Subject).Distinct().ToDictionary(subject => subject, _ => Draw(random));
        var caption = Caption(pool.Scenes[scene], parts.Where(part => shown[part.Subject] != Shown.ReferenceOnly), random);
        var speechless = random.Chance(recipe.TextDropped);
        var cast = parts
            .Where(part => shown[part.Subject] != Shown.NameOnly)
            .Select(part => new OrderedSubject(
                speechless || shown[part.Subject] == Shown.ReferenceOnly ? "" : part.Phrase,
                part.Place,
                references.Draw(part, recipe.SameView, side, random)));
        return new(scene, speechless ? "" : caption, [.. cast]);
    }

    private Shown Draw(StableRandom random)
    {
        var draw = random.NextDouble();
        return draw < recipe.ReferenceOnly ? Shown.ReferenceOnly
            : draw < recipe.ReferenceOnly + recipe.NameOnly ? Shown.NameOnly
            : Shown.Both;
    }

    // Names in random order, so that the order of words says nothing about places.
    private string Caption(PoolScene scene, IEnumerable<ScenePart> named, StableRandom random)
    {
        (string Phrase, int Count)[] cast =
            [.. named.GroupBy(part => part.Subject).Select(group => (group.First().Phrase, Math.Min(2, group.Count())))];
        random.Shuffle<(string, int)>(cast);
        var silent = cast.Length > 0 && random.Chance(recipe.NoSceneWords);
        return Captions.Write(cast, silent ? "" : GroundKinds.Lit[scene.Background].Words);
    }
}
