namespace Dramatis.Tests.Architecture;

public sealed class FolderGraphTests
{
    private static readonly TypeUse[] Straight = [Use("House.Roof", "House.Wall"), Use("House.Wall", "House.Floor"), Use("House.Roof", "House.Floor")];

    [Fact]
    public void Arrows_that_all_point_down_make_no_circle() => Assert.Empty(new FolderGraph(Straight).Circles());

    [Fact]
    public void A_circle_is_told_with_the_uses_on_both_sides()
    {
        var circle = Assert.Single(new FolderGraph([.. Straight, Use("House.Floor", "House.Roof")]).Circles());

        Assert.StartsWith("A circle of House.Floor, House.Roof, House.Wall:", circle);
        Assert.Contains("House.Floor.Type.Member uses House.Roof.Type", circle);
        Assert.Contains("House.Wall.Type.Member uses House.Floor.Type", circle);
    }

    [Fact]
    public void A_circle_through_two_rooms_of_a_folder_shows_at_the_folder()
    {
        TypeUse[] uses = [Use("House.Wall.Door", "House.Floor"), Use("House.Floor", "House.Wall.Window")];

        Assert.Empty(new FolderGraph(uses).Circles());
        Assert.Single(new FolderGraph(uses, depth: 2).Circles());
    }

    private static TypeUse Use(string from, string to) => new(new(from, "Type"), "Member", new(to, "Type"));
}
