using Dramatis.Tests.Toybox;
using Dramatis.Benches.Toybox;
using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Tests.Benches.Toybox;

public sealed class LearnedSubjectsTests
{
    private static readonly LearnedSubjects Subjects = new(BenchBank.Bank, seed: 5, new());

    [Fact]
    public void Chosen_subjects_are_held_out_and_of_different_families_and_names()
    {
        var chosen = Subjects.Choose(20).Select(i => BenchBank.Bank.Subjects[i]).ToArray();

        Assert.All(chosen, subject => Assert.True(subject.IsHeldOut));
        Assert.Equal(20, chosen.Select(subject => subject.Family).Distinct().Count());
        Assert.Equal(20, chosen.Select(subject => subject.Name).Distinct().Count());
    }

    [Fact]
    public void The_first_subjects_stay_when_more_are_wanted()
    {
        Assert.Equal(Subjects.Choose(3), Subjects.Choose(7).Take(3));
        Assert.Contains("10000 are more than", Assert.Throws<InvalidRequestException>(() => Subjects.Choose(10_000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_show_the_subject_large_and_are_the_same_each_time()
    {
        var subject = Subjects.Choose(1)[0];
        var candidates = BenchBank.Judge.DrawCandidates(subject, [], BenchBank.Bank.HeldOut, new(1, 0, 0));

        var pictures = Subjects.Show(subject).Select(shown => shown.Picture).ToArray();

        Assert.Equal(LearnedSubjects.PicturesOfEach, pictures.Length);
        Assert.Equal(
            pictures.Select(picture => picture.Rgba),
            new LearnedSubjects(BenchBank.Bank, seed: 5, new()).Show(subject).Select(shown => shown.Picture.Rgba));
        Assert.All(pictures, picture =>
        {
            var distances = BenchBank.Judge.Distances(picture, SubjectJudge.Everywhere, candidates);
            Assert.InRange(distances.Count(distance => distance < distances[0]), 0, 4);    // the windows hit it roughly
        });
    }

    [Fact]
    public void A_model_of_256_pixels_is_shown_lit_scenes_of_that_size_with_masks_around_the_subject()
    {
        var large = new LearnedSubjects(BenchBank.Bank, seed: 5, SceneOptions.Lit);

        Assert.All(large.Show(large.Choose(1)[0]), shown =>
        {
            Assert.Equal((256, 256), (shown.Picture.Width, shown.Picture.Height));
            var box = RegionMask.Of(shown.Mask, shown.Mask.Size).Bounds();
            Assert.InRange(Math.Max(box!.Value.Width, box.Value.Height), .2, .9);
        });
    }

    [Fact]
    public void Orders_can_be_of_some_subjects_alone()
    {
        var chosen = Subjects.Choose(3);

        var orders = new ToyboxOrders(BenchBank.Bank, 2).Make(2, 12, chosen);

        Assert.Equal(chosen.Order(), orders.SelectMany(order => order.Subjects).Select(subject => subject.Subject).Distinct().Order());
    }

    [Fact]
    public void Where_places_are_not_told_a_subject_counts_wherever_it_stands()
    {
        var bench = new ToyboxBench(BenchBank.Bank, 2);
        var orders = new ToyboxOrders(BenchBank.Bank, 2).Make(1, 6).Select(order => order with
        {
            Subjects = [order.Subjects[0] with { Place = Corner(order.Subjects[0].Place), Tight = Corner(order.Subjects[0].Place) }],
        }).ToArray();

        var told = bench.Run(orders, all => [.. all.Select(order => order.Composed)]).Painted.Figures.RightSubject!.Value.Value;
        var untold = bench.Run([.. orders.Select(order => order with { IsAnywhere = true })], all => [.. all.Select(order => order.Composed)])
            .Painted.Figures.RightSubject!.Value.Value;

        Assert.True(untold > told, $"{untold} is not above {told}");
    }

    // The corner that is farthest from the subject.
    private static Box Corner(Box place)
    {
        var (left, top) = (place.Left + place.Right > 1 ? 0 : .8, place.Top + place.Bottom > 1 ? 0 : .8);
        return new(left, top, left + .2, top + .2);
    }
}
