using System.Globalization;
using System.Text.Json;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Tokenizers;

/// <summary>A tokenizer's folder in the layouts of transformers: <c>vocab.json</c> with <c>merges.txt</c>, or <c>tokenizer.json</c>.</summary>
/// <remarks>Added tokens stand in <c>tokenizer.json</c>, <c>added_tokens.json</c> or <c>tokenizer_config.json</c>; each may lack.</remarks>
internal sealed record TokenizerFiles
{
    private const string Cure = "Copy or download it again, from the model that the tokenizer belongs to.";
    private const string VocabularyName = "vocab.json";
    private const string MergesName = "merges.txt";
    private const string WholeName = "tokenizer.json";
    private const string AddedName = "added_tokens.json";
    private const string ConfigName = "tokenizer_config.json";

    public required BpeVocabulary Vocabulary { get; init; }

    /// <summary>Tokens found in the raw text before anything else, with their ids.</summary>
    public required IReadOnlyDictionary<string, int> AddedTokens { get; init; }

    /// <summary><c>tokenizer_config.json</c>, where there is one.</summary>
    public ConfigReader? Config { get; init; }

    /// <param name="wordEnd">What marks the end of a word in the vocabulary; empty where nothing does.</param>
    /// <param name="needed">Tokens that the vocabulary must have besides bytes and merges.</param>
    /// <exception cref="ModelNotFoundException">There is no vocabulary, or a file cannot be read.</exception>
    /// <exception cref="InvalidConfigException">A file is malformed, or two do not belong together.</exception>
    public static TokenizerFiles Read(string folder, string wordEnd, params IReadOnlyList<string> needed)
    {
        var configPath = Path.Combine(folder, ConfigName);
        var config = File.Exists(configPath) ? ConfigReader.Load(configPath) : null;
        var added = new Dictionary<string, int>(StringComparer.Ordinal);
        var (path, vocabulary) = ReadVocabulary(folder, added);
        if (Path.Combine(folder, AddedName) is var addedPath && File.Exists(addedPath))
        {
            Parse(addedPath, root => Add(added, Ids(root), addedPath));
        }

        if (config is not null)
        {
            Parse(configPath, root => Add(added, Decoder(root), configPath));
        }

        CheckIds(vocabulary.Ids, added, path);
        CheckTokens(vocabulary, [.. BpeVocabulary.Letters.SelectMany(letter => new[] { letter, letter + wordEnd }), .. needed], added, path);
        return new() { Vocabulary = vocabulary, AddedTokens = added, Config = config };
    }

    private static (string Path, BpeVocabulary Vocabulary) ReadVocabulary(string folder, Dictionary<string, int> added)
    {
        var (path, whole) = (Path.Combine(folder, VocabularyName), Path.Combine(folder, WholeName));
        if (!File.Exists(path) && File.Exists(whole))
        {
            return (whole, Parse(whole, root => FromWhole(root, whole, added)));
        }

        var merges = Path.Combine(folder, MergesName);
        return (path, new(Parse(path, Ids), MergeList.Parse(ConfigReader.ReadText(merges), merges)));
    }

    private static BpeVocabulary FromWhole(JsonElement root, string path, Dictionary<string, int> added)
    {
        var model = root.GetProperty("model");
        if (model.TryGetProperty("type", out var type) && type.GetString() is var name and not "BPE")
        {
            throw new InvalidConfigException(path, $"the model's \"type\" is \"{name}\"; supported is \"BPE\".");
        }

        if (root.TryGetProperty("added_tokens", out var tokens))
        {
            Add(added, tokens.EnumerateArray().Select(token => KeyValuePair.Create(Content(token), token.GetProperty("id").GetInt32())), path);
        }

        return new(Ids(model.GetProperty("vocab")), MergeList.Parse(model.GetProperty("merges"), path));
    }

    private static Dictionary<string, int> Ids(JsonElement root) =>
        root.EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetInt32(), StringComparer.Ordinal);

    // {"added_tokens_decoder": {"49408": {"content": "<new>", …}}}
    private static IEnumerable<KeyValuePair<string, int>> Decoder(JsonElement root) =>
        root.TryGetProperty("added_tokens_decoder", out var tokens)
            ? tokens.EnumerateObject().Select(item => KeyValuePair.Create(Content(item.Value), int.Parse(item.Name, CultureInfo.InvariantCulture)))
            : [];

    private static string Content(JsonElement token) => token.GetProperty("content").GetString()!;

    private static bool Add(Dictionary<string, int> added, IEnumerable<KeyValuePair<string, int>> tokens, string path)
    {
        foreach (var (token, id) in tokens)
        {
            if (token.Length == 0)
            {
                throw new InvalidConfigException(path, $"the added token {id} is empty.");
            }

            if (!added.TryAdd(token, id) && added[token] != id)
            {
                throw new InvalidConfigException(path, $"the added token \"{token}\" is {id} here and {added[token]} elsewhere in the folder.");
            }
        }

        return true;
    }

    private static void CheckIds(IReadOnlyDictionary<string, int> ids, Dictionary<string, int> added, string path)
    {
        var owners = new Dictionary<int, string>(ids.Count + added.Count);
        foreach (var (token, id) in ids.Concat(added))
        {
            if (id < 0)
            {
                throw new InvalidConfigException(path, $"the token \"{token}\" has the id {id}; ids count from 0.");
            }

            if (!owners.TryAdd(id, token) && owners[id] != token)
            {
                throw new InvalidConfigException(
                    path, $"the tokens \"{owners[id]}\" and \"{token}\" share the id {id}; the files are damaged or not of one tokenizer.");
            }

            if (ids.TryGetValue(token, out var own) && own != id)
            {
                throw new InvalidConfigException(path, $"the token \"{token}\" is {own} here and {id} among the added tokens.");
            }
        }
    }

    // Every token must be there, and each one there must be made by something: merges that end too early would give other ids.
    private static void CheckTokens(BpeVocabulary vocabulary, IReadOnlyList<string> needed, Dictionary<string, int> added, string path)
    {
        var merged = vocabulary.Merges.SelectMany(merge => new[] { merge.Left, merge.Right, merge.Left + merge.Right });
        var made = needed.Concat(merged).ToHashSet(StringComparer.Ordinal);
        if (made.FirstOrDefault(token => !vocabulary.Ids.ContainsKey(token)) is { } missing)
        {
            throw new InvalidConfigException(path, $"has no token \"{missing}\"; it is of another kind of tokenizer, or the merges are not its own.");
        }

        if (vocabulary.Ids.Keys.FirstOrDefault(token => !made.Contains(token) && !added.ContainsKey(token)) is { } unmade)
        {
            throw new InvalidConfigException(path, $"has the token \"{unmade}\", which no merge makes; the merges are cut short or not its own.");
        }
    }

    private static string FormOf(string name) => name switch
    {
        WholeName => "a \"model\" with a \"vocab\" of tokens and their whole numbers, and \"merges\"",
        ConfigName => "an object with \"added_tokens_decoder\", whose names are whole numbers and whose values have a \"content\"",
        _ => "an object of tokens and their whole numbers, such as { \"cat\": 2368 }",
    };

    private static T Parse<T>(string path, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(ConfigReader.ReadText(path));
            return read(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new InvalidConfigException(path, $"is no file of a tokenizer: it {JsonProblem.Of(e)}. {Cure}", e);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidConfigException(path, $"is no file of a tokenizer: it lacks {FormOf(System.IO.Path.GetFileName(path))}. {Cure}", e);
        }
    }
}
