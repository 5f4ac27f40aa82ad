namespace Dramatis.Tests.Architecture;

/// <summary>Which folder uses which, with the uses that make each arrow. A folder is a namespace, cut at a depth.</summary>
internal sealed class FolderGraph
{
    private const int UsesShown = 4;

    private readonly Dictionary<(string From, string To), List<TypeUse>> arrows;
    private readonly Dictionary<string, HashSet<string>> reached;

    public FolderGraph(IEnumerable<TypeUse> uses, int depth = int.MaxValue)
    {
        arrows = uses
            .GroupBy(use => (From: Cut(use.From.Namespace, depth), To: Cut(use.To.Namespace, depth)))
            .Where(arrow => arrow.Key.From != arrow.Key.To)
            .ToDictionary(arrow => arrow.Key, arrow => arrow.ToList());
        reached = arrows.Keys.Select(arrow => arrow.From).Distinct().ToDictionary(folder => folder, From);
    }

    public IEnumerable<string> Arrows => arrows.Keys.Select(arrow => $"{arrow.From} -> {arrow.To}");

    /// <summary>The circles, each as one text: its folders, then the uses that close it.</summary>
    public IReadOnlyList<string> Circles() =>
    [
        .. from folder in reached.Keys.Order(StringComparer.Ordinal)
           where reached[folder].Contains(folder)
           let circle = reached.Keys.Where(other => reached[folder].Contains(other) && reached[other].Contains(folder)).Order(StringComparer.Ordinal)
           where circle.First() == folder
           select Describe([.. circle]),
    ];

    private static string Cut(string folder, int depth) => string.Join('.', folder.Split('.').Take(depth));

    private string Describe(string[] circle)
    {
        var inside = arrows.Where(arrow => circle.Contains(arrow.Key.From) && circle.Contains(arrow.Key.To)).OrderBy(arrow => arrow.Value.Count);
        var lines = inside.Select(arrow =>
            $"  {arrow.Key.From} -> {arrow.Key.To}, {arrow.Value.Count} uses\n" + string.Concat(arrow.Value.Take(UsesShown).Select(use => $"    {use}\n")));
        return $"A circle of {string.Join(", ", circle)}:\n{string.Concat(lines)}";
    }

    private HashSet<string> From(string folder)
    {
        var seen = new HashSet<string>();
        var next = new Stack<string>([folder]);
        while (next.TryPop(out var current))
        {
            foreach (var arrow in arrows.Keys.Where(arrow => arrow.From == current && seen.Add(arrow.To)))
            {
                next.Push(arrow.To);
            }
        }

        return seen;
    }
}
