using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Toybox.Grounds;

namespace Dramatis.Toybox;

/// <summary>Subjects that stand on their ground, the larger the nearer, with a shadow away from the light; some hang in the air instead.</summary>
internal sealed class LitStage(SubjectBank bank, SceneOptions options, Canvas canvas, GroundView ground) : SceneStage(bank, options, canvas)
{
    // Places may be anywhere, so that training must show some that no ground explains.
    private const double Standing = .65;
    private const double LowestHorizon = .8;
    private const double DepthJitter = .12;

    // Of the side: the least in which a face of 256 pixels' scenes is one.
    private const double Smallest = .16;

    private readonly List<Actor> actors = [];

    private sealed record Actor(int Subject, Cutout Cutout, View View, double X, double Y, double Size, bool Stands, Box Around);

    public override IReadOnlyList<int> Subjects => [.. actors.Select(actor => actor.Subject)];

    public override void Place(int subject, int count, StableRandom random)
    {
        var stands = ground.Horizon is > 0 and < LowestHorizon && random.Chance(Standing);
        var drawn = View.Draw(random) with { Frame = random.Below(Bank.PicturesOf(subject)) };
        var view = stands ? drawn.Upright() : drawn;
        var cutout = Bank.CutoutOf(subject, view);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            // As many small as large ones, by their logarithm.
            var part = Math.Pow(Options.Sizes.To / Options.Sizes.From, random.NextDouble());
            var size = Side * Math.Max(Smallest, Crowd(count) * Options.Sizes.From * part * (1 - (.4 * attempt / Tries)));
            var (halfWidth, halfHeight) = Reach(cutout, view, size);
            if (halfWidth * 2 >= Side - 2 || halfHeight * 2 >= Side - 2)
            {
                continue;
            }

            var x = random.Between(halfWidth, Side - halfWidth);
            var y = stands ? Foot(size, random) - halfHeight : random.Between(halfHeight, Side - halfHeight);
            var around = Around(x, y, halfWidth, halfHeight);
            if (y >= halfHeight && IsFree(around, actors.Select(actor => actor.Around)))
            {
                actors.Add(new(subject, cutout, view, x, y, size, stands, around));
                return;
            }
        }
    }

    public override IReadOnlyList<ScenePart> Finish(StableRandom random) =>
        [.. actors.OrderBy(actor => actor.Around.Bottom).ToArray().Select(actor => Draw(actor, random))];

    private ScenePart Draw(Actor actor, StableRandom random)
    {
        if (actor.Stands)
        {
            var (foot, halfWidth) = (actor.Around.Bottom * Side, actor.Around.Width * Side / 2);
            Canvas.DrawCast(actor.Cutout, actor.View, actor.X, foot - (.02 * actor.Size), actor.Size, ground);
            Canvas.DrawShadow(actor.X, foot - (.02 * actor.Size), halfWidth * .8, Math.Max(2, .06 * actor.Size), .5);
        }

        return Part(actor.Subject, actor.View, Canvas.Draw(actor.Cutout, actor.View, actor.X, actor.Y, actor.Size, ground.Light), random);
    }

    // The largest stand at the lower edge, the smallest near the horizon.
    private double Foot(double size, StableRandom random)
    {
        var (smallest, largest) = (Smallest * .9, Options.Sizes.To * .8);
        var depth = (Math.Log(size / Side) - Math.Log(smallest)) / (Math.Log(largest) - Math.Log(smallest));
        var near = Math.Clamp(depth + random.Between(-DepthJitter, DepthJitter), .06, .97);
        return Side * (ground.Horizon + ((1 - ground.Horizon) * near));
    }
}
