using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Training.Records;

namespace Dramatis.Training.EasyRef;

/// <summary>A data set of groups: one JSON list of records, as the reference has it. Every record is checked before the first is used.</summary>
internal static class GroupSet
{
    /// <summary>What the file is called in a folder.</summary>
    public const string FileName = "groups.json";

    /// <param name="path">The file, or the folder with <see cref="FileName"/>; pictures are named from where the file is.</param>
    /// <param name="side">About the pixels a side that references are brought to.</param>
    /// <param name="skipBad">Whether broken records are left out.</param>
    /// <param name="broken">Told of each of them.</param>
    /// <exception cref="InvalidDataSetException">The file cannot be read, or its records cannot be trained on.</exception>
    public static IReadOnlyList<GroupRecord> Load(string path, int side, bool skipBad, Action<string>? broken = null)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        using var json = Parse(file);
        var reader = new GroupReader(Path.GetDirectoryName(Path.GetFullPath(file))!, side, picture => PictureReader.Read(picture));
        var records = new List<GroupRecord>();
        var problems = new List<(string Place, string Problem)>();
        foreach (var (index, item) in json.RootElement.EnumerateArray().Index())
        {
            try
            {
                records.Add(reader.Read(item, index + 1));
            }
            catch (RecordException e)
            {
                problems.Add(($"record {index + 1}", e.Message));
                broken?.Invoke($"{file}: record {index + 1}: {e.Message}");
            }
        }

        return RecordSet.Require(file, records, problems, skipBad);
    }

    private static JsonDocument Parse(string file)
    {
        const string Layout = "a data set of groups is a JSON list of records";
        const long Longest = 1 << 30;
        try
        {
            var json = JsonDocument.Parse(TextFile.Read(file, Longest, "a list of groups"));
            return json.RootElement.ValueKind == JsonValueKind.Array ? json : throw new InvalidDataSetException(file, $"is no list; {Layout}.");
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidDataSetException(file, $"{FileProblem.Of(file, e)[..^1]}; {Layout}.", e);
        }
    }
}
