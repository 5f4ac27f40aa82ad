using System.Text.Json;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Checkpoints;

/// <summary>Several files that are one checkpoint, held together by an index (<c>weight_map</c>: tensor to file).</summary>
internal sealed class ShardedArchive : TensorArchive
{
    private readonly Dictionary<string, TensorArchive> shards;
    private readonly Dictionary<string, string> fileOf;

    private ShardedArchive(string path, Dictionary<string, TensorArchive> shards, Dictionary<string, string> fileOf)
        : base(path)
    {
        this.shards = shards;
        this.fileOf = fileOf;
        Tensors = fileOf.ToDictionary(item => item.Key, item => shards[item.Value].Tensors[item.Key], StringComparer.Ordinal);
    }

    public override IReadOnlyList<string> Files => [.. shards.OrderBy(shard => shard.Key, StringComparer.Ordinal).Select(shard => shard.Value.Path)];

    public override string Format => $"{shards.Count} files, {string.Join(" and ", shards.Values.Select(shard => shard.Format).Distinct())}";

    public override IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens the index and every file it names, which lie beside it.</summary>
    /// <exception cref="InvalidCheckpointException">The index or a file is missing or malformed, or a file lacks one of its tensors.</exception>
    public static new ShardedArchive Open(string path)
    {
        var fileOf = ReadIndex(path);
        var folder = System.IO.Path.GetDirectoryName(path) ?? "";
        var shards = new Dictionary<string, TensorArchive>(StringComparer.Ordinal);
        try
        {
            foreach (var name in fileOf.Values.Distinct())
            {
                shards[name] = TensorArchive.Open(System.IO.Path.Combine(folder, name));
            }

            var lost = fileOf.FirstOrDefault(item => !shards[item.Value].Tensors.ContainsKey(item.Key));
            return lost.Key is null
                ? new(path, shards, fileOf)
                : throw new InvalidCheckpointException(path, $"says that {lost.Value} holds '{lost.Key}', but it does not.");
        }
        catch
        {
            foreach (var shard in shards.Values)
            {
                shard.Dispose();
            }

            throw;
        }
    }

    public override void Read(string name, Span<byte> destination)
    {
        if (!fileOf.TryGetValue(name, out var file))
        {
            throw HasNo(name);
        }

        shards[file].Read(name, destination);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var shard in shards.Values)
            {
                shard.Dispose();
            }
        }
    }

    private static Dictionary<string, string> ReadIndex(string path)
    {
        try
        {
            using var json = PythonJson.Parse(File.ReadAllText(path));
            var map = json.RootElement.GetProperty("weight_map");
            var fileOf = map.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetString() ?? "", StringComparer.Ordinal);
            var outside = fileOf.Values.FirstOrDefault(file => file.Length == 0 || System.IO.Path.GetFileName(file) != file);
            return outside is null
                ? fileOf
                : throw new InvalidCheckpointException(path, $"names the file '{outside}', which is not one beside it.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidCheckpointException(path, "is no index of weights, which has a \"weight_map\" of tensors and files.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidCheckpointException(path, e);
        }
    }
}
