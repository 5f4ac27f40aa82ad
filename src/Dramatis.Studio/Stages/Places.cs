using Dramatis.Requests;

namespace Dramatis.Studio.Stages;

/// <summary>Boxes on the stage.</summary>
public static class Places
{
    private const double Told = .1;    // from this share of the smaller box on

    /// <summary>Whole thousandths: what a hand can mean, and what a file is readable with.</summary>
    public static Box Rounded(Box box) => new(Math.Round(box.Left, 3), Math.Round(box.Top, 3), Math.Round(box.Right, 3), Math.Round(box.Bottom, 3));

    public static Box Moved(Box box, double x, double y) => Inside(new(box.Left + x, box.Top + y, box.Right + x, box.Bottom + y));

    /// <summary>Pushed into the picture, of the same size.</summary>
    public static Box Inside(Box box)
    {
        var (width, height) = (Math.Min(1, box.Width), Math.Min(1, box.Height));
        var (left, top) = (Math.Clamp(box.Left, 0, 1 - width), Math.Clamp(box.Top, 0, 1 - height));
        return Rounded(new(left, top, left + width, top + height));
    }

    /// <summary>Pairs of subjects whose boxes lie over each other enough to be told, with the share of the smaller one.</summary>
    public static IReadOnlyList<(int First, int Second, double Share)> Overlaps(Stage stage) =>
    [
        .. from i in Enumerable.Range(0, stage.Actors.Count)
           from k in Enumerable.Range(i + 1, stage.Actors.Count - i - 1)
           let first = stage.Actors[i].Subject.Place
           let second = stage.Actors[k].Subject.Place
           where first is not null && second is not null
           let share = first.Value.Overlap(second.Value)
           where share >= Told
           select (i, k, share),
    ];
}
