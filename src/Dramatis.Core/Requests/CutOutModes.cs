namespace Dramatis.Requests;

/// <summary>What users call the ways in which photographs are cut out.</summary>
internal static class CutOutModes
{
    private static readonly (CutOutMode Mode, string Name)[] Names = [(CutOutMode.Auto, "auto"), (CutOutMode.Crop, "crop"), (CutOutMode.None, "none")];

    public static IReadOnlyList<string> All { get; } = [.. Names.Select(item => item.Name)];

    /// <param name="name">One of <see cref="All"/>.</param>
    public static CutOutMode Of(string name) => Array.Find(Names, item => item.Name == name).Mode;

    public static string NameOf(CutOutMode mode) => Array.Find(Names, item => item.Mode == mode).Name;
}
