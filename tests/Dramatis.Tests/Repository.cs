namespace Dramatis.Tests;

/// <summary>What lies in the repository that the tests were built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string PathOf(params ReadOnlySpan<string> names) => Path.Combine([Root, .. names]);

    /// <summary>A picture of the samples, for example of a <c>dog</c>.</summary>
    public static string SubjectPicture(string subject) => PathOf("samples", "subjects", $"{subject}.png");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dramatis.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
