using Dramatis.Benches.Toybox;
using Dramatis.Training.Toybox;

namespace Dramatis.Tests.Benches.Toybox;

/// <summary>The bank in the repository, and a judge of its subjects, loaded once.</summary>
internal static class BenchBank
{
    private static readonly string Folder = FindFolder();

    private static readonly Lazy<SubjectBank> Loaded = new(() => SubjectBank.Load(Folder));

    private static readonly Lazy<SubjectJudge> Made = new(() => new(Loaded.Value));

    public static SubjectBank Bank => Loaded.Value;

    public static SubjectJudge Judge => Made.Value;

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Dramatis.slnx")))
            {
                return Path.Combine(folder.FullName, "bench", "toybox");
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
