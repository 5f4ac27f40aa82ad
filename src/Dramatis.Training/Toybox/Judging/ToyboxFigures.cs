namespace Dramatis.Toybox.Judging;

/// <summary>The figures of a set of judged pictures. Those that nothing was judged for are null.</summary>
internal sealed record ToyboxFigures
{
    private const int Top = 5;

    /// <summary>Crops at places.</summary>
    public required int Crops { get; init; }

    /// <summary>Share of crops whose nearest of 50 subjects is the ordered one.</summary>
    public Interval? RightSubject { get; init; }

    public Interval? RightSubjectTop5 { get; init; }

    /// <summary>Mean absolute colour difference to the ordered subject, 0 to 1.</summary>
    public Interval? SubjectError { get; init; }

    /// <summary>Strength of edges where subjects should be, against that of the composed pictures: below 1 is blur, above are halos or noise.</summary>
    public Interval? EdgesKept { get; init; }

    public Interval? BoxIou { get; init; }

    /// <summary>Share of crops where another subject of the order is nearest.</summary>
    public Interval? Leak { get; init; }

    /// <summary>Share of crops that are no nearer to any subject than the bare ground is.</summary>
    public Interval? Missing { get; init; }

    /// <summary>Share of pictures whose ground is of the ordered kind.</summary>
    public Interval? Scene { get; init; }

    /// <summary>Share of orders by name whose nearest of 50 seen subjects is the ordered one.</summary>
    public Interval? ByName { get; init; }

    public Interval? ByNameTop5 { get; init; }

    public static ToyboxFigures Of(IReadOnlyList<JudgedPicture> pictures)
    {
        var placed = pictures.Where(picture => picture.Order.Named is null).ToArray();
        JudgedPlace[] crops = [.. placed.SelectMany(picture => picture.Places)];
        JudgedPlace[] named = [.. pictures.Where(picture => picture.Order.Named is not null).SelectMany(picture => picture.Places)];
        return new()
        {
            Crops = crops.Length,
            RightSubject = Rate(crops, crop => crop.Rank == 0),
            RightSubjectTop5 = Rate(crops, crop => crop.Rank < Top),
            SubjectError = Mean(crops, crop => crop.Error),
            EdgesKept = Mean([.. placed.Where(picture => picture.EdgesKept is not null)], picture => picture.EdgesKept),
            BoxIou = Mean(crops, crop => crop.BoxIou),
            Leak = Rate(crops, crop => crop.Leak),
            Missing = Rate(crops, crop => crop.Missing),
            Scene = Rate(placed, picture => picture.RightScene),
            ByName = Rate(named, name => name.Rank == 0),
            ByNameTop5 = Rate(named, name => name.Rank < Top),
        };
    }

    /// <summary>Values of some by name, for logs.</summary>
    /// <param name="figures">That something was judged for.</param>
    public Dictionary<string, double> ValuesOf(params IReadOnlyList<ToyboxFigure> figures) =>
        figures.ToDictionary(figure => figure.Name, figure => figure.Of(this)!.Value.Value);

    private static Interval? Rate<T>(T[] items, Func<T, bool> holds) =>
        items.Length == 0 ? null : Interval.OfRate(items.Count(holds), items.Length);

    private static Interval? Mean<T>(T[] items, Func<T, double?> value) =>
        items.Length == 0 ? null : Interval.OfMean([.. items.Select(item => value(item)!.Value)]);
}
