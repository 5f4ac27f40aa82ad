using Dramatis.Server.Settings;

namespace Dramatis.Server.Storage;

/// <summary>Where trainings keep what they go on from, each in a folder that is called as its job.</summary>
internal static class TrainingFolders
{
    private const string Name = "trainings";

    public static string Of(ServiceSettings settings, string job) => Path.Combine(settings.Data!, Name, job);

    /// <summary>The jobs that have one.</summary>
    public static IEnumerable<string> All(ServiceSettings settings) => Path.Combine(settings.Data!, Name) is var root && Directory.Exists(root)
        ? Directory.EnumerateDirectories(root).Select(folder => Path.GetFileName(folder))
        : [];

    public static void Remove(ServiceSettings settings, string job)
    {
        try
        {
            Directory.Delete(Of(settings, job), recursive: true);
        }
        catch (IOException)
        {
            // it is gone, or somebody still writes there; what is left goes another time
        }
    }
}
