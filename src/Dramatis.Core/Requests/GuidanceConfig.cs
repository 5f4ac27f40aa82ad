using System.Globalization;
using System.Text.Json;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Schedules;

namespace Dramatis.Requests;

/// <summary>How strongly words are drawn to their places.</summary>
public sealed record LayoutGuidance
{
    /// <summary>So many of the first steps are guided, each of them twice; null is all.</summary>
    public int? Steps { get; init; }

    /// <summary>Factor on all that is added to attention.</summary>
    public double Weight { get; init; } = .08;

    /// <summary>What a word's attention gains inside its place.</summary>
    public double Inside { get; init; } = 2.5;

    /// <summary>What it gains elsewhere; so little that nothing is left of it.</summary>
    public double Outside { get; init; } = -1e8;
}

/// <summary>The official <c>guidance_config.json</c>: which residuals go where in the prompt, and which colours of a picture are whose place.</summary>
public sealed record GuidanceConfig
{
    /// <summary>The method that reads it.</summary>
    public const string Method = "cones2";

    private const int LongestFile = 1 << 20;
    private const string Form = "[\"words\", number]";

    /// <summary>Null where the order says what to paint.</summary>
    public string? Prompt { get; init; }

    /// <summary>Files to add to the text, each at a position that counts the start of the text as 0.</summary>
    public IReadOnlyList<(string File, int Position)> Residuals { get; init; } = [];

    /// <summary>Words, the colour of their place, and what their attention gains there.</summary>
    public IReadOnlyList<(Rgb Colour, string Words, double Inside)> Regions { get; init; } = [];

    /// <summary>The layout picture; null when there are no regions.</summary>
    public string? Layout { get; init; }

    public LayoutGuidance Guidance { get; init; } = new();

    /// <summary>The files that it names.</summary>
    public IEnumerable<string> Files => Layout is null ? Residuals.Select(item => item.File) : [.. Residuals.Select(item => item.File), Layout];

    /// <summary>Whether a file is one of these and no order: its JSON is a list.</summary>
    public static bool Is(string path)
    {
        try
        {
            using var file = File.OpenText(path);
            int letter;
            do
            {
                letter = file.Read();
            }
            while (letter >= 0 && char.IsWhiteSpace((char)letter));

            return letter == '[';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;    // whoever reads the order will say so
        }
    }

    /// <summary>Reads a file. Paths in it are relative to its folder.</summary>
    /// <exception cref="InvalidConfigException">It is missing, malformed, or lacks what it refers to.</exception>
    public static GuidanceConfig Load(string path)
    {
        try
        {
            return Parse(TextFile.Read(path, LongestFile, "a guidance file"), path);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidConfigException(path, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfigException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <param name="path">Where the text comes from.</param>
    public static GuidanceConfig Parse(string json, string path)
    {
        var root = First(json, path);
        var fields = ConfigReader.Parse(root.GetRawText(), path);
        var (usual, folder) = (new LayoutGuidance(), Path.GetDirectoryName(Path.GetFullPath(path))!);
        var regions = ReadRegions(root, path);
        return new()
        {
            Prompt = fields.Has("prompt") ? fields.Text("prompt") : null,
            Residuals = ReadResiduals(root, path, folder),
            Regions = regions,
            Layout = regions.Count > 0 ? Path.Combine(folder, fields.Text("layout")) : null,
            Guidance = usual with
            {
                Steps = fields.Has("guidance_steps") ? fields.Whole("guidance_steps", least: 0) : null,
                Weight = fields.Number("guidance_weight", usual.Weight),
                Outside = fields.Number("weight_negative", usual.Outside),
            },
        };
    }

    /// <summary>The order that the official script takes such a file for. The size is the model's own.</summary>
    /// <exception cref="InvalidConfigException">The file cannot be used, or has no prompt.</exception>
    public static GenerationRequest ToRequest(string path) => new()
    {
        Prompt = (Load(path).Prompt ?? throw new InvalidConfigException(path, "\"prompt\" is missing."))
            .Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal),
        Layout = LayoutOptions.Usual with { File = path },
        Method = Method,
        Steps = 50,
        Guidance = 7.5,
        Sampler = SamplerKinds.NameOf(SamplerKind.Euler),
    };

    // The file is a list of which only the first item counts.
    private static JsonElement First(string json, string path)
    {
        try
        {
            using var document = PythonJson.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? root.Clone()
                : root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0].Clone()
                : throw new InvalidConfigException(path, "is no list with an object in it, as a guidance file of Cones 2 is.");
        }
        catch (JsonException e)
        {
            throw new InvalidConfigException(path, $"is not valid JSON: {e.Message}", e);
        }
    }

    private static List<(string File, int Position)> ReadResiduals(JsonElement root, string path, string folder)
    {
        var files = new Dictionary<string, string>();
        foreach (var file in Members(root, "residual_dict", path))
        {
            files[file.Name] = file.Value.ValueKind == JsonValueKind.String
                ? file.Value.GetString()!
                : throw Wrong(path, "residual_dict", file.Value, "the path of a file for each name");
        }

        var residuals = new List<(string File, int Position)>();
        foreach (var item in Items(root, "subject_list", path))
        {
            if (Pair(item) is not var (name, number) || number.TryGetInt32(out var position) is false)
            {
                throw Wrong(path, "subject_list", item, "[\"name\", position]");
            }

            residuals.Add(files.TryGetValue(name, out var file)
                ? (Path.Combine(folder, file), position)
                : throw new InvalidConfigException(path, $"\"subject_list\" names \"{name}\", which \"residual_dict\" has no file for."));
        }

        return residuals;
    }

    private static List<(Rgb Colour, string Words, double Inside)> ReadRegions(JsonElement root, string path)
    {
        var regions = new List<(Rgb Colour, string Words, double Inside)>();
        foreach (var region in Members(root, "color_context", path))
        {
            byte[] colour =
            [
                .. region.Name.Split(',').Select(text => byte.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InvalidConfigException(path, $"\"color_context\" has the colour \"{region.Name}\"; write red, green and blue as \"255,192,0\".")),
            ];
            regions.Add(colour.Length == 3 && Pair(region.Value) is var (words, inside) && inside.TryGetDouble(out var weight)
                ? (new(colour[0], colour[1], colour[2]), words, weight)
                : throw Wrong(path, "color_context", region.Value, $"{Form} for each colour \"red,green,blue\""));
        }

        return regions;
    }

    private static (string Name, JsonElement Number)? Pair(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
        && value[0].ValueKind == JsonValueKind.String && value[1].ValueKind == JsonValueKind.Number
            ? (value[0].GetString()!, value[1])
            : null;

    private static JsonElement.ObjectEnumerator Members(JsonElement root, string field, string path) =>
        !root.TryGetProperty(field, out var value) ? default
        : value.ValueKind == JsonValueKind.Object ? value.EnumerateObject()
        : throw Wrong(path, field, value, "an object");

    private static JsonElement.ArrayEnumerator Items(JsonElement root, string field, string path) =>
        !root.TryGetProperty(field, out var value) ? default
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
        : throw Wrong(path, field, value, "a list");

    private static InvalidConfigException Wrong(string path, string field, JsonElement value, string wanted) =>
        new(path, $"\"{field}\" has {value.GetRawText()}, but must be {wanted}.");
}
