using System.Text;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Benches.MrBench;

/// <summary>The groups of a bench in a file: JSON, a group a line.</summary>
internal static class MrGroups
{
    /// <summary>What the file is called in a folder.</summary>
    public const string FileName = "mrbench.jsonl";

    /// <summary>All groups, each with the full paths of its pictures, which are there.</summary>
    /// <param name="path">The file, or the folder with <see cref="FileName"/>; pictures are named from where the file is.</param>
    /// <exception cref="InvalidDataSetException">The file or a picture is missing, or a line is malformed.</exception>
    public static IReadOnlyList<MrGroup> Load(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        MrGroup[] groups = [.. Lines(file).Index().Where(line => !string.IsNullOrWhiteSpace(line.Item)).Select(line => Group(line.Item, line.Index + 1))];
        var twice = groups.GroupBy(group => group.GroupId).FirstOrDefault(same => same.Count() > 1);
        return twice is not null ? throw new InvalidDataSetException(file, $"has two groups \"{twice.Key}\"; give each its own group_id.")
            : groups.Length > 0 ? groups
            : throw new InvalidDataSetException(file, "has no groups.");

        MrGroup Group(string text, int line)
        {
            var group = Parse(text, file, line);
            group = group with
            {
                References = [.. group.References.Select(name => Path.Combine(folder, name))],
                Target = group.Target with { Image = Path.Combine(folder, group.Target.Image) },
            };
            return group.References.Append(group.Target.Image).FirstOrDefault(picture => !File.Exists(picture)) is { } missing
                ? throw new InvalidDataSetException(file, $"line {line}: there is no picture {missing}.")
                : group;
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="OutputNotWrittenException">It cannot be written.</exception>
    public static void Write(string file, IEnumerable<MrGroup> groups) => AtomicFile.Write(file, stream => stream.Write(
        Encoding.UTF8.GetBytes(string.Concat(groups.Select(group => JsonSerializer.Serialize(group, MrGroupJson.Default.MrGroup) + "\n")))));

    private static string[] Lines(string file)
    {
        try
        {
            return [.. TextFile.ReadLines(file)];
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(file, $"{FileProblem.Of(file, e)} A bench is JSON, a group a line. --build makes it of a folder of groups.", e);
        }
    }

    private static MrGroup Parse(string text, string file, int line)
    {
        try
        {
            var group = JsonSerializer.Deserialize(text, MrGroupJson.Default.MrGroup) ?? throw new InvalidDataSetException(file, $"line {line}: is null.");
            var problem = group.References.Count == 0 || group.References.Contains(null!) ? "references names no picture, or a null among them."
                : group.Target.Captions.Count == 0 || group.Target.Captions.Contains(null!) ? "target.captions is empty; describe the picture."
                : group.Split is not (MrGroup.HeldIn or MrGroup.HeldOut) ? $"split is \"{group.Split}\"; write \"{MrGroup.HeldIn}\" or \"{MrGroup.HeldOut}\"."
                : null;
            return problem is null ? group : throw new InvalidDataSetException(file, $"line {line}: {problem}");
        }
        catch (JsonException e)
        {
            throw new InvalidDataSetException(file, $"line {line}: is no group of the bench: {JsonProblem.Of(e, "an object")}.", e);
        }
    }
}
