using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox;

public sealed class LitScenesTests
{
    private const int Scenes = 40;

    private static readonly Backgrounds Grounds = SceneOptions.Lit.Grounds(1, variants: 1);

    private static readonly SceneMaker Maker = new(BenchBank.Bank, Grounds, seed: 1, SceneOptions.Lit with { Split = SubjectSplit.All });

    [Fact]
    public void A_scene_depends_on_the_seed_and_its_number_alone()
    {
        var again = new SceneMaker(BenchBank.Bank, SceneOptions.Lit.Grounds(1, variants: 1), seed: 1, SceneOptions.Lit with { Split = SubjectSplit.All });

        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(Maker.Make(i).Rgb, again.Make(i).Rgb));
    }

    [Fact]
    public void There_are_up_to_six_subjects_of_many_sizes_from_back_to_front()
    {
        var scenes = Enumerable.Range(0, 4 * Scenes).Select(i => Maker.Make(i)).ToArray();
        var lengths = scenes.SelectMany(scene => scene.Parts).Select(part => Math.Max(part.Tight.Width, part.Tight.Height)).ToArray();

        Assert.Equal(6, scenes.Max(scene => scene.Parts.Count));
        Assert.True(lengths.Min() is > .12 and < .18 && lengths.Max() > .7, $"{lengths.Min()} to {lengths.Max()}");
        Assert.All(scenes.SelectMany(scene => scene.Parts.Zip(scene.Parts.Skip(1))), pair =>
            Assert.True(pair.First.Tight.Bottom <= pair.Second.Tight.Bottom + .02));
    }

    [Fact]
    public void The_pixels_of_subjects_lie_in_their_boxes()
    {
        var side = SceneOptions.Lit.Side;

        Assert.All(Enumerable.Range(0, Scenes).Select(i => Maker.Make(i)), scene =>
        {
            Assert.Equal(scene.Parts.Count > 0, scene.Inside.Contains(true));
            var inside = scene.Inside.Index().Where(pixel => pixel.Item).Select(pixel => (X: (pixel.Index % side) + .5, Y: (pixel.Index / side) + .5));
            Assert.All(inside, point => Assert.Contains(
                scene.Parts,
                part => point.X >= part.Tight.Left * side && point.X <= part.Tight.Right * side
                    && point.Y >= part.Tight.Top * side && point.Y <= part.Tight.Bottom * side));
        });
    }

    [Fact]
    public void Kinds_of_plain_grounds_have_the_same_numbers_among_the_lit_ones()
    {
        Assert.Equal(Backgrounds.Kinds, Grounds.Choice.Take(Backgrounds.Kinds.Count));
        Assert.Equal(Grounds.Choice.Count, Grounds.Choice.DistinctBy(kind => kind.Words).Count());
    }
}
