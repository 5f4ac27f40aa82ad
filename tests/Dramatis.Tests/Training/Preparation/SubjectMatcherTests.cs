using Dramatis.Requests;
using Dramatis.Training.Preparation;

namespace Dramatis.Tests.Training.Preparation;

public sealed class SubjectMatcherTests
{
    private static readonly string[] Phrases = ["cat", "dog", "hat"];
    private static readonly Box Left = new(0, 0, .4, 1);
    private static readonly Box Right = new(.5, 0, 1, 1);

    [Fact]
    public void No_thing_is_taken_twice_in_a_frame()
    {
        // The detector takes the thing on the left for both, and so do the features.
        SubjectPair[] pairs = [Pair("cat", Left, Right, .9), Pair("dog", Left, Right, .8), Pair("dog", Right, Left, .6)];

        var chosen = SubjectMatcher.Choose(pairs, Phrases, maxContainment: 1, most: 4);

        Assert.Equal([pairs[0], pairs[2]], chosen);
    }

    [Fact]
    public void Subjects_come_in_the_order_of_their_phrases_the_surest_of_too_many()
    {
        SubjectPair[] pairs = [Pair("hat", new(.4, .4, .6, .6), new(.4, .4, .6, .6), .9), Pair("dog", Left, Left, .7), Pair("cat", Right, Right, .5)];

        Assert.Equal(["cat", "dog", "hat"], Choose(3));
        Assert.Equal(["dog", "hat"], Choose(2));

        IEnumerable<string> Choose(int most) => SubjectMatcher.Choose(pairs, Phrases, maxContainment: .8, most).Select(pair => pair.Here.Phrase);
    }

    [Fact]
    public void Of_two_that_hold_each_other_the_surer_stays()
    {
        SubjectPair[] pairs = [Pair("cat", Box.Whole, Left, .5), Pair("hat", new(.1, .1, .3, .3), Right, .9)];

        Assert.Equal(["hat"], SubjectMatcher.Choose(pairs, Phrases, maxContainment: .8, most: 4).Select(pair => pair.Here.Phrase));
        Assert.Equal(2, SubjectMatcher.Choose(pairs, Phrases, maxContainment: 1, most: 4).Count);
    }

    private static SubjectPair Pair(string phrase, Box here, Box there, double likeness) =>
        new(Thing(phrase, here, likeness), Thing(phrase, there, likeness), likeness);

    private static FoundSubject Thing(string phrase, Box place, double score) => new(phrase, place, score, new(new(1, 1), [true]));
}
