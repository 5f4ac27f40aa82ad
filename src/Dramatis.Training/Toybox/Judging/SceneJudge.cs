using System.Collections.Concurrent;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Toybox.Judging;

/// <summary>Says which kind of ground a picture shows, by the mean colours of a 4 x 4 grid outside all places.</summary>
internal sealed class SceneJudge
{
    private const int Cells = 4;
    private const int Examples = 48;
    private const double LeastUncovered = .1;    // of a cell's pixels; a cell with less says nothing
    private const ulong ExampleSeed = 0x5CE9E5;

    // Drawn once for each look: they depend on nothing else.
    private static readonly ConcurrentDictionary<(int Side, SceneStyle Style), Lazy<IReadOnlyList<(int Kind, double[][] Means)>>> Drawn = [];

    private readonly IReadOnlyList<(int Kind, double[][] Means)> examples;

    /// <summary>Takes the statistics of empty scenes of every kind, apart from those that orders are drawn on.</summary>
    /// <param name="scenes">What is judged; null for usual scenes.</param>
    public SceneJudge(SubjectBank bank, SceneOptions? scenes = null)
    {
        var look = scenes ?? new();
        examples = Drawn.GetOrAdd((look.Side, look.Style), key => new(() => Draw(bank, new() { Side = key.Side, Style = key.Style, Counts = [1] }))).Value;
    }

    /// <returns>An index of <see cref="Backgrounds.Choice"/>.</returns>
    /// <param name="places">What stands there is left out.</param>
    public int KindOf(Picture picture, IReadOnlyList<Box> places)
    {
        var means = Means(picture, places);
        return examples.MinBy(example => Distance(means, example.Means)).Kind;
    }

    private static IReadOnlyList<(int Kind, double[][] Means)> Draw(SubjectBank bank, SceneOptions empty)
    {
        var grounds = empty.Grounds(ExampleSeed, Examples / 2);
        var maker = new SceneMaker(bank, grounds, ExampleSeed, empty);
        return [.. Enumerable.Range(0, Examples * grounds.Choice.Count).AsParallel().AsOrdered().Select(i => maker.Make(i)).Select(scene =>
            (scene.Background, Means(ToyboxPictures.From(scene.Rgb, empty.Side), []).Select(cell => cell!).ToArray()))];
    }

    private static double Distance(double[]?[] means, double[][] example)
    {
        var sum = 0.0;
        for (var cell = 0; cell < means.Length; cell++)
        {
            for (var c = 0; means[cell] is { } mean && c < 3; c++)
            {
                sum += Math.Abs(mean[c] - example[cell][c]);
            }
        }

        return sum;
    }

    // (16, 3), 0 to 255; null where places cover the cell.
    private static double[]?[] Means(Picture picture, IReadOnlyList<Box> places)
    {
        var sums = new double[Cells * Cells][];
        var counts = new int[Cells * Cells];
        for (var y = 0; y < picture.Height; y++)
        {
            var row = picture.Row(y);
            for (var x = 0; x < picture.Width; x++)
            {
                if (!places.Any(place => Covers(place, (x + .5) / picture.Width, (y + .5) / picture.Height)))
                {
                    var cell = (y * Cells / picture.Height * Cells) + (x * Cells / picture.Width);
                    counts[cell]++;
                    sums[cell] ??= new double[3];
                    for (var c = 0; c < 3; c++)
                    {
                        sums[cell][c] += row[(4 * x) + c];
                    }
                }
            }
        }

        var least = LeastUncovered * picture.Width * picture.Height / (Cells * Cells);
        return [.. sums.Select((sum, cell) => counts[cell] <= least ? null : Array.ConvertAll(sum, value => value / counts[cell]))];
    }

    private static bool Covers(Box place, double x, double y) =>
        x >= place.Left && x < place.Right && y >= place.Top && y < place.Bottom;
}
