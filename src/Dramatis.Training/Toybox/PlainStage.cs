using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Subjects anywhere, each with a soft ellipse below.</summary>
internal sealed class PlainStage(SubjectBank bank, SceneOptions options, Canvas canvas) : SceneStage(bank, options, canvas)
{
    private readonly List<ScenePart> parts = [];

    public override IReadOnlyList<int> Subjects => [.. parts.Select(part => part.Subject)];

    public override void Place(int subject, int count, StableRandom random)
    {
        var cutout = Bank.Cutouts[subject];
        var view = View.Draw(random);
        var crowd = Crowd(count);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var size = Side * crowd * random.Between(Options.Sizes.From, Options.Sizes.To) * (1 - (.4 * attempt / Tries));
            var (halfWidth, halfHeight) = Reach(cutout, view, size);
            if (halfWidth * 2 >= Side - 2 || halfHeight * 2 >= Side - 2)
            {
                continue;
            }

            var x = random.Between(halfWidth, Side - halfWidth);
            var y = random.Between(halfHeight, Side - halfHeight);
            if (!IsFree(Around(x, y, halfWidth, halfHeight), parts.Select(part => part.Tight)))
            {
                continue;
            }

            Canvas.DrawShadow(x, y + halfHeight - (.04 * size), halfWidth * .9, Math.Max(3, halfHeight * .18), .45);
            parts.Add(Part(subject, view, Canvas.Draw(cutout, view, x, y, size), random));
            return;
        }
    }

    public override IReadOnlyList<ScenePart> Finish(StableRandom random) => parts;
}
