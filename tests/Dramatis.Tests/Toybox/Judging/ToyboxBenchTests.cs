using System.Text.Json;
using Dramatis.Benches.Toybox;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.TestKit;
using Dramatis.Toybox;
using Dramatis.Toybox.Judging;

namespace Dramatis.Tests.Toybox.Judging;

public sealed class ToyboxBenchTests
{
    private const ulong Seed = 3;
    private const int Count = 16;
    private const int NamedCount = 4;

    private static readonly ToyboxBench Bench = new(BenchBank.Bank, Seed);

    private static readonly IReadOnlyList<ToyboxOrder> Pairs = new ToyboxOrders(BenchBank.Bank, Seed).Make(2, Count);

    [Fact]
    public void A_perfect_painter_reaches_the_floor()
    {
        var result = Bench.Run(Pairs, orders => [.. orders.Select(order => order.Composed)]);

        Assert.Equal(result.Composed.Figures, result.Painted.Figures);
        Assert.Equal(2 * Count, result.Painted.Figures.Crops);
        Assert.Equal(1, result.Painted.Figures.RightSubject!.Value.Value);
        Assert.Equal(1, result.Painted.Figures.Scene!.Value.Value);
        Assert.Equal(0, result.Painted.Figures.Leak!.Value.Value);
        Assert.InRange(result.Painted.Figures.Missing!.Value.Value, 0, 1.0 / Count);
        Assert.InRange(result.Painted.Figures.BoxIou!.Value.Value, .95, 1);
        Assert.InRange(result.Painted.Figures.SubjectError!.Value.Value, 0, .06);    // turns between the views, light and hue
    }

    [Fact]
    public void A_painter_of_bare_grounds_misses_every_subject()
    {
        var figures = Bench.Run(Pairs, orders => [.. orders.Select(order => order.Empty)]).Painted.Figures;

        Assert.Equal(1, figures.Missing!.Value.Value);
        Assert.Equal(1, figures.Scene!.Value.Value, .1);
        Assert.InRange(figures.RightSubject!.Value.Value, 0, .2);
        Assert.True(figures.SubjectError!.Value.Value > .15);
    }

    [Fact]
    public void A_painter_that_swaps_the_subjects_leaks()
    {
        var figures = Bench.Run(Pairs, orders => [.. orders.Select(Swapped)]).Painted.Figures;

        Assert.InRange(figures.Leak!.Value.Value, .9, 1);
        Assert.InRange(figures.RightSubject!.Value.Value, 0, .1);
        Assert.Equal(0, figures.Missing!.Value.Value, .1);
    }

    [Fact]
    public void A_painter_on_the_wrong_ground_has_the_wrong_scene()
    {
        var figures = Bench.Run(Pairs, orders => [.. orders.Select((_, i) => WithGroundOfAnotherKind(orders, i))]).Painted.Figures;

        Assert.Equal(0, figures.Scene!.Value.Value);
        Assert.InRange(figures.RightSubject!.Value.Value, .9, 1);
    }

    [Fact]
    public void Blur_costs_edges()
    {
        var figures = Bench.Run(Pairs, orders => [.. orders.Select(order => Coarse(order.Composed))]);

        Assert.Equal(1, figures.Composed.Figures.EdgesKept!.Value.Value);
        Assert.InRange(figures.Painted.Figures.EdgesKept!.Value.Value, .1, .8);
    }

    [Fact]
    public void Box_iou_falls_when_the_picture_shifts()
    {
        var order = Pairs[0];
        var shifted = new Picture(order.Composed.Width, order.Composed.Height);
        var by = (int)(order.Subjects[0].Place.Width * shifted.Width / 4);
        for (var y = 0; y < shifted.Height; y++)
        {
            order.Composed.Row(y)[..^(4 * by)].CopyTo(shifted.Row(y)[(4 * by)..]);
        }

        var inPlace = Bench.Judge(order, order.Composed).Places[0].BoxIou!.Value;
        var beside = Bench.Judge(order, shifted).Places[0].BoxIou!.Value;

        Assert.True(beside < inPlace - .2, $"{beside} is not far below {inPlace}");
    }

    [Fact]
    public void Loose_places_cost_a_perfect_painter_nothing()
    {
        var orders = new ToyboxOrders(BenchBank.Bank, Seed, new() { LoosePlaces = 1 }).Make(2, Count);

        var figures = Bench.Run(orders, all => [.. all.Select(order => order.Composed)]).Painted.Figures;

        Assert.InRange(figures.RightSubject!.Value.Value, .97, 1);
    }

    [Slow]
    [Fact]
    public void The_same_seed_gives_the_same_figures()
    {
        var again = new ToyboxBench(BenchBank.Bank, Seed);

        var first = Bench.Run(Pairs, orders => [.. orders.Select(order => Coarse(order.Composed))]);
        var second = again.Run(Pairs, orders => [.. orders.Select(order => Coarse(order.Composed))]);

        Assert.Equal(ToyboxBenchReport.Json(first), ToyboxBenchReport.Json(second));
    }

    [Fact]
    public void Reports_hold_every_figure_and_every_picture()
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-bench-");
        ToyboxOrder[] orders = [.. Pairs, .. new ToyboxOrders(BenchBank.Bank, Seed).MakeByName(NamedCount)];
        var result = Bench.Run(orders, all => [.. all.Select(order => order.Composed)], Coarse);

        ToyboxBenchReport.WriteCsv(Path.Combine(folder.FullName, "bench.csv"), result, BenchBank.Bank);
        ToyboxBenchReport.WriteHtml(Path.Combine(folder.FullName, "bench.html"), result, BenchBank.Bank);
        var sheet = ToyboxBenchReport.Sheet(result);
        using var json = JsonDocument.Parse(ToyboxBenchReport.Json(result));

        var html = File.ReadAllText(Path.Combine(folder.FullName, "bench.html"));
        Assert.Equal(1 + (3 * ((2 * Count) + NamedCount)), File.ReadAllLines(Path.Combine(folder.FullName, "bench.csv")).Length);
        Assert.Equal(4 * orders.Length, html.Split("data:image/png;base64,").Length - 1);
        Assert.True(sheet.Width > 4 * 4 * 128 && sheet.Height > orders.Length / 4 * 128);
        Assert.Equal(1, json.RootElement.GetProperty("right_subject").GetDouble());
        Assert.Equal(2, json.RootElement.GetProperty("intervals").GetProperty("by_name").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("subject_error").GetProperty("vae").GetDouble()
            > json.RootElement.GetProperty("subject_error").GetProperty("floor").GetDouble());
        folder.Delete(recursive: true);
    }

    private static Picture Coarse(Picture picture) => picture.Resize(new(24, 24)).Resize(picture.Size);

    // Each subject's pixels, stretched from the other's place.
    private static Picture Swapped(ToyboxOrder order)
    {
        var result = new Picture(order.Empty.Width, order.Empty.Height, [.. order.Empty.Rgba]);
        Stretch(order.Composed, order.Subjects[0].Place, result, order.Subjects[1].Place);
        Stretch(order.Composed, order.Subjects[1].Place, result, order.Subjects[0].Place);
        return result;
    }

    private static Picture WithGroundOfAnotherKind(IReadOnlyList<ToyboxOrder> orders, int index)
    {
        var order = orders[index];
        var ground = orders.First(other => other.Background != order.Background).Empty;
        var result = new Picture(ground.Width, ground.Height, [.. ground.Rgba]);
        foreach (var subject in order.Subjects)
        {
            Stretch(order.Composed, subject.Place, result, subject.Place);
        }

        return result;
    }

    private static void Stretch(Picture from, Box source, Picture to, Box target)
    {
        var (sourceBox, targetBox) = (Pixels(source, from), Pixels(target, to));
        var part = from.Crop(sourceBox).Resize(new(targetBox.Width, targetBox.Height));
        for (var y = 0; y < part.Height; y++)
        {
            part.Row(y).CopyTo(to.Row(targetBox.Top + y)[(4 * targetBox.Left)..]);
        }
    }

    private static PixelBox Pixels(Box box, Picture picture) => new(
        (int)Math.Round(box.Left * picture.Width),
        (int)Math.Round(box.Top * picture.Height),
        (int)Math.Round(box.Right * picture.Width),
        (int)Math.Round(box.Bottom * picture.Height));
}
