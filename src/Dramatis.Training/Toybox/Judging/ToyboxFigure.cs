namespace Dramatis.Toybox.Judging;

/// <summary>One of <see cref="ToyboxFigures"/> with its name in reports and logs.</summary>
internal sealed record ToyboxFigure(string Name, Func<ToyboxFigures, Interval?> Of)
{
    public static readonly ToyboxFigure RightSubject = new("right_subject", figures => figures.RightSubject);
    public static readonly ToyboxFigure RightSubjectTop5 = new("right_subject_top5", figures => figures.RightSubjectTop5);
    public static readonly ToyboxFigure SubjectError = new("subject_error", figures => figures.SubjectError);
    public static readonly ToyboxFigure EdgesKept = new("edges_kept", figures => figures.EdgesKept);
    public static readonly ToyboxFigure BoxIou = new("box_iou", figures => figures.BoxIou);
    public static readonly ToyboxFigure Leak = new("leak", figures => figures.Leak);
    public static readonly ToyboxFigure Missing = new("missing", figures => figures.Missing);
    public static readonly ToyboxFigure Scene = new("scene", figures => figures.Scene);
    public static readonly ToyboxFigure ByName = new("by_name", figures => figures.ByName);
    public static readonly ToyboxFigure ByNameTop5 = new("by_name_top5", figures => figures.ByNameTop5);

    /// <summary>All, in the order of reports.</summary>
    public static IReadOnlyList<ToyboxFigure> All { get; } =
        [RightSubject, RightSubjectTop5, SubjectError, EdgesKept, BoxIou, Leak, Missing, Scene, ByName, ByNameTop5];
}
