namespace Dramatis.Requests;

/// <summary>What users call the ways in which photographs are cut out, as JSON has them.</summary>
internal static class CutOutModes
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<CutOutMode>().Select(NameOf)];

    /// <param name="name">One of <see cref="All"/>.</param>
    public static CutOutMode Of(string name) => Enum.GetValues<CutOutMode>().Single(mode => NameOf(mode) == name);

    public static string NameOf(CutOutMode mode) => RequestField.NameOf($"{mode}");
}
