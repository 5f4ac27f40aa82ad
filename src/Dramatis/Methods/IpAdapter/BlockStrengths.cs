using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dramatis.Conditioning;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Methods.IpAdapter;

/// <summary>How strongly an adapter acts in each block of the network.</summary>
/// <remarks>
/// One number for all, or what diffusers takes (InstantStyle, arXiv 2404.02733): <c>{"down": {"block_2": [0, 1]}, "mid": 0, "up": {"block_0": [0, 1, 0]}}</c>.
/// A number stands for all below it, a list for the attentions of a block; what is not named gets 0.
/// </remarks>
internal sealed partial class BlockStrengths
{
    private readonly JsonElement value;
    private readonly string path;

    private BlockStrengths(JsonElement value, string path) => (this.value, this.path) = (value, path);

    /// <summary>1 everywhere.</summary>
    public static BlockStrengths Full { get; } = Parse("1");

    /// <param name="path">Where the text comes from, for messages.</param>
    public static BlockStrengths Parse(string json, string path = "strength")
    {
        using var document = JsonDocument.Parse(json);
        return new(document.RootElement.Clone(), path);
    }

    /// <summary>A field of a <c>config.json</c>; absent is 1 everywhere.</summary>
    public static BlockStrengths Read(ConfigReader settings, string field) =>
        settings.Json(field) is { } value ? new(value, settings.Path) : Full;

    /// <summary>The factor of each site.</summary>
    /// <exception cref="InvalidConfigException">A block is unknown, a value no number, or a list of another length than the block has attentions.</exception>
    public IReadOnlyDictionary<AttentionSite, double> Expand(IReadOnlyList<AttentionSite> sites)
    {
        var strengths = sites.ToDictionary(site => site, _ => 0d);
        Set(value, "strength", 0, sites);
        return strengths;

        void Set(JsonElement given, string name, int level, IEnumerable<AttentionSite> inside)
        {
            switch (given.ValueKind)
            {
                case JsonValueKind.Number:
                    foreach (var site in inside)
                    {
                        strengths[site] = given.GetDouble();
                    }

                    break;
                case JsonValueKind.Array when Below(inside, 1).Count == 1 && level > 0:
                    SetEach(given, name, [.. Below(inside, 2).Values]);
                    break;
                case JsonValueKind.Object when level < 2:
                    SetNamed(given, name, level, Below(inside, level));
                    break;
                default:
                    throw new InvalidConfigException(
                        path, $"\"{name}\" is {given.GetRawText()}, but must be a number{(level < 2 ? " or an object of blocks" : " or a list of them")}.");
            }
        }

        void SetEach(JsonElement list, string name, IReadOnlyList<IEnumerable<AttentionSite>> attentions)
        {
            var count = list.GetArrayLength();
            if (count != 1 && count != attentions.Count)
            {
                throw new InvalidConfigException(
                    path, $"\"{name}\" has {count} numbers, but the block has {attentions.Count} attentions; give one number or {attentions.Count}.");
            }

            foreach (var (i, attention) in attentions.Index())
            {
                Set(list[count == 1 ? 0 : i], $"{name}[{i}]", 2, attention);
            }
        }

        void SetNamed(JsonElement blocks, string name, int level, IReadOnlyDictionary<string, IEnumerable<AttentionSite>> known)
        {
            foreach (var block in blocks.EnumerateObject())
            {
                Set(
                    block.Value,
                    $"{name}.{block.Name}",
                    level + 1,
                    known.GetValueOrDefault(block.Name) ?? throw new InvalidConfigException(
                        path, $"\"{name}.{block.Name}\" is no block with attention of this model; there is {string.Join(", ", known.Keys)}."));
            }
        }
    }

    internal JsonNode? ToJson() => JsonNode.Parse(value.GetRawText());

    // Sites by side, block or attention.
    private static Dictionary<string, IEnumerable<AttentionSite>> Below(IEnumerable<AttentionSite> sites, int level) => sites
        .GroupBy(site => SitePath().Match(site.Path) is var match && level == 1 ? $"block_{match.Groups[2].Value}" : match.Groups[level + 1].Value)
        .ToDictionary(group => group.Key, group => group.AsEnumerable());

    [GeneratedRegex(@"^(down|mid|up)_block(?:s\.(\d+))?\.attentions\.(\d+)\.")]
    private static partial Regex SitePath();
}
