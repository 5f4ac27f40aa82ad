using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Tensors;

namespace Dramatis.Benches.MrBench;

/// <summary>Makes a bench of a folder of groups: each folder in it, at any depth, with two pictures or more is one.</summary>
/// <remarks>
/// Its last picture by name is the target; a text file of the same name, or <c>caption.txt</c>, has its captions, one a line, else the folder's
/// name is the caption. The topic is the folder that it lies in. Of each topic's groups a share is held out.
/// </remarks>
internal static class MrGroupFolder
{
    private const string Caption = "caption.txt";

    /// <param name="heldOut">The share of the topics that are held out, 0 to 1: whole topics, as in the paper.</param>
    /// <exception cref="InvalidDataSetException">The folder is missing or has no group.</exception>
    public static IReadOnlyList<MrGroup> Read(string folder, double heldOut, ulong seed)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataSetException(folder, "is no folder; give one with a folder of pictures for each group.");
        }

        var groups = Groups(folder);
        string[] topics = [.. groups.Select(group => TopicOf(folder, group.Path)).Distinct().Order(StringComparer.Ordinal)];
        new StableRandom(seed, 0).Shuffle<string>(topics);
        var held = topics.Take((int)Math.Round(heldOut * topics.Length)).ToHashSet();
        return groups.Length > 0
            ? [.. groups.Select((group, i) => Group(folder, group.Path, group.Pictures, held, seed + (ulong)i))]
            : throw new InvalidDataSetException(folder, "has no folder with two pictures or more; a group is one of several, the last of which is the target.");
    }

    private static (string Path, string[] Pictures)[] Groups(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                    .Select(path => (path, Pictures(path))).Where(group => group.Item2.Length > 1),
            ];
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(folder, FileProblem.OfFolder(folder, e), e);
        }
    }

    private static MrGroup Group(string folder, string path, string[] pictures, HashSet<string> held, ulong seed)
    {
        var topic = TopicOf(folder, path);
        return new()
        {
            GroupId = Name(folder, path),
            Topic = topic,
            Split = held.Contains(topic) ? MrGroup.HeldOut : MrGroup.HeldIn,
            References = [.. pictures[..^1].Select(picture => Name(folder, picture))],
            Target = new() { Image = Name(folder, pictures[^1]), Captions = Captions(path, pictures[^1]) },
            Seed = seed,
        };
    }

    // A group that lies in the folder itself is a topic of its own.
    private static string TopicOf(string folder, string path) =>
        Path.GetDirectoryName(Name(folder, path)) is { Length: > 0 } parent ? parent : Path.GetFileName(path);

    private static string Name(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static string[] Pictures(string folder) =>
        [.. VisibleFiles.In(folder).Where(PictureFormats.IsPicture).Order(StringComparer.Ordinal)];

    private static string[] Captions(string folder, string target)
    {
        string[] files = [Path.ChangeExtension(target, ".txt"), Path.Combine(folder, Caption)];
        string[] lines = Array.Find(files, File.Exists) is { } file
            ? DataFile.Text(file, "It should have a caption on each line.").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];
        return lines.Length > 0 ? lines : [Path.GetFileName(folder).Replace('-', ' ').Replace('_', ' ')];
    }
}
