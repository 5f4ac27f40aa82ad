namespace Dramatis.Files;

/// <summary>What a folder holds for people. Names that begin with a dot are passed over: systems keep notes of their own in them.</summary>
/// <remarks>Beside <c>1.jpg</c> a folder that was on a Mac has <c>._1.jpg</c>, which is no picture.</remarks>
internal static class VisibleFiles
{
    /// <summary>The files of a folder, in no order.</summary>
    public static IEnumerable<string> In(string folder, string pattern = "*") => Directory.EnumerateFiles(folder, pattern).Where(IsVisible);

    /// <summary>The folders in a folder, in no order.</summary>
    public static IEnumerable<string> FoldersIn(string folder) => Directory.EnumerateDirectories(folder).Where(IsVisible);

    /// <summary>The files of a folder and of those in it, in no order.</summary>
    public static IEnumerable<string> Below(string folder) => In(folder).Concat(FoldersIn(folder).SelectMany(Below));

    private static bool IsVisible(string path) => !Path.GetFileName(path).StartsWith('.');
}
