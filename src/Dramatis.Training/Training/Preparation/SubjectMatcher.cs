namespace Dramatis.Training.Preparation;

/// <summary>Which pairs of things become the subjects of a record.</summary>
internal static class SubjectMatcher
{
    /// <summary>
    /// The likeliest first: each phrase once, no thing twice in a frame. Then the surer of two that hold each other, at most so many, in the
    /// order of the phrases.
    /// </summary>
    /// <param name="pairs">Each pair of one phrase.</param>
    /// <param name="phrases">The caption's.</param>
    public static IReadOnlyList<SubjectPair> Choose(IEnumerable<SubjectPair> pairs, IReadOnlyList<string> phrases, double maxContainment, int most)
    {
        var chosen = new List<SubjectPair>();
        foreach (var pair in pairs.OrderByDescending(pair => pair.Likeness))
        {
            if (!chosen.Any(other => other.Here.Phrase == pair.Here.Phrase || other.Here.IsAt(pair.Here.Place) || other.There.IsAt(pair.There.Place)))
            {
                chosen.Add(pair);
            }
        }

        var apart = new List<SubjectPair>();
        foreach (var pair in chosen.OrderByDescending(pair => pair.Here.Score))
        {
            if (apart.TrueForAll(other => other.Here.Place.Overlap(pair.Here.Place) <= maxContainment))
            {
                apart.Add(pair);
            }
        }

        return [.. apart.Take(most).OrderBy(pair => phrases.Index().First(item => item.Item == pair.Here.Phrase).Index)];
    }
}
