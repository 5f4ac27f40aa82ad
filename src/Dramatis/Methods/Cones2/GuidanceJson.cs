using System.Globalization;
using System.Text.Json;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Methods.Cones2;

/// <summary>The JSON of a <c>guidance_config.json</c>, as Python writes and reads it.</summary>
internal static class GuidanceJson
{
    private const string Form = "[\"words\", number]";

    /// <param name="path">Where the text comes from. Paths in it are relative to its folder.</param>
    /// <exception cref="InvalidConfigException">It is malformed, or lacks what it refers to.</exception>
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
            throw new InvalidConfigException(path, $"{JsonProblem.Of(e)}.", e);
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
                .. region.Name.Split(',').Select(text => byte.TryParse(
                    text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw new InvalidConfigException(
                        path, $"\"color_context\" has the colour \"{region.Name}\"; write red, green and blue as \"255,192,0\".")),
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
