using Dramatis.Toybox;

namespace Dramatis.Tests.Toybox;

public sealed class ToyboxOrdersTests
{
    private const ulong Seed = 11;

    [Fact]
    public void The_same_seed_gives_the_same_orders()
    {
        var first = new ToyboxOrders(BenchBank.Bank, Seed).Make(2, 4);
        var again = new ToyboxOrders(BenchBank.Bank, Seed).Make(2, 4);
        var other = new ToyboxOrders(BenchBank.Bank, Seed + 1).Make(2, 4);

        Assert.Equal(first.Select(order => order.Prompt), again.Select(order => order.Prompt));
        Assert.Equal(first[3].Composed.Rgba, again[3].Composed.Rgba);
        Assert.Equal(first[3].Subjects[1].Reference.Rgba, again[3].Subjects[1].Reference.Rgba);
        Assert.NotEqual(first.Select(order => order.Prompt), other.Select(order => order.Prompt));
    }

    [Fact]
    public void An_order_does_not_depend_on_how_many_are_made()
    {
        var few = new ToyboxOrders(BenchBank.Bank, Seed).Make(3, 2);
        var many = new ToyboxOrders(BenchBank.Bank, Seed).Make(3, 5);

        Assert.Equal(few[1].Prompt, many[1].Prompt);
        Assert.Equal(few[1].Seed, many[1].Seed);
        Assert.Equal(few[1].Composed.Rgba, many[1].Composed.Rgba);
    }

    [Fact]
    public void Further_references_show_the_subject_otherwise_and_change_nothing_else()
    {
        var one = new ToyboxOrders(BenchBank.Bank, Seed).Make(2, 2)[1];
        var three = new ToyboxOrders(BenchBank.Bank, Seed, new() { References = 3 }).Make(2, 2)[1];

        Assert.Equal((one.Prompt, one.Seed), (three.Prompt, three.Seed));
        Assert.Equal(one.Composed.Rgba, three.Composed.Rgba);
        Assert.All(one.Subjects.Zip(three.Subjects), pair =>
        {
            Assert.Empty(pair.First.Further);
            Assert.Equal(pair.First.Reference.Rgba, pair.Second.Reference.Rgba);
            Assert.Equal(2, pair.Second.Further.Count);
            Assert.NotEqual(pair.Second.Reference.Rgba, pair.Second.Further[0].Rgba);
            Assert.NotEqual(pair.Second.Further[0].Rgba, pair.Second.Further[1].Rgba);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    public void Subjects_are_held_out_of_different_families_and_named_in_the_prompt(int subjects)
    {
        var orders = new ToyboxOrders(BenchBank.Bank, Seed).Make(subjects, 8);

        Assert.All(orders, order =>
        {
            var cast = order.Subjects.Select(subject => BenchBank.Bank.Subjects[subject.Subject]).ToArray();
            Assert.Equal(subjects, cast.Select(subject => subject.Family).Distinct().Count());
            Assert.All(cast, subject => Assert.True(subject.IsHeldOut));
            Assert.All(order.Subjects, subject => Assert.Contains(subject.Phrase, order.Prompt, StringComparison.Ordinal));
            Assert.EndsWith(Backgrounds.Kinds[order.Background].Words, order.Prompt, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Composed_pictures_differ_from_their_empty_ground_near_the_places_only()
    {
        const double ShadowReach = .1;    // shadows fall a little below and beside the subject
        var orders = new ToyboxOrders(BenchBank.Bank, Seed).Make(2, 8);

        Assert.All(orders, order =>
        {
            var far = 0;
            var near = 0;
            for (var i = 0; i < order.Composed.Rgba.Length; i++)
            {
                var (x, y) = ((i / 4 % 128) / 128.0, (i / 4 / 128) / 128.0);
                var differs = order.Composed.Rgba[i] != order.Empty.Rgba[i] ? 1 : 0;
                var inside = order.Subjects.Any(subject => x >= subject.Place.Left - ShadowReach && x <= subject.Place.Right + ShadowReach
                    && y >= subject.Place.Top - ShadowReach && y <= subject.Place.Bottom + ShadowReach);
                (near, far) = inside ? (near + differs, far) : (near, far + differs);
            }

            Assert.Equal(0, far);
            Assert.True(near > 0);
        });
    }

    [Fact]
    public void Loose_places_contain_the_tight_ones()
    {
        var orders = new ToyboxOrders(BenchBank.Bank, Seed, new() { LoosePlaces = 1 }).Make(2, 8);

        Assert.All(orders.SelectMany(order => order.Subjects), subject =>
        {
            Assert.NotEqual(subject.Tight, subject.Place);
            Assert.True(subject.Place.Left <= subject.Tight.Left && subject.Place.Right >= subject.Tight.Right);
            Assert.True(subject.Place.Top <= subject.Tight.Top && subject.Place.Bottom >= subject.Tight.Bottom);
        });
    }

    [Fact]
    public void Orders_by_name_name_one_seen_subject_and_show_none()
    {
        var orders = new ToyboxOrders(BenchBank.Bank, Seed).MakeByName(8);

        Assert.All(orders, order =>
        {
            var named = BenchBank.Bank.Subjects[order.Named!.Subject];
            Assert.Empty(order.Subjects);
            Assert.False(named.IsHeldOut);
            Assert.Contains(named.Name, order.Prompt, StringComparison.Ordinal);
        });
    }
}
