using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Requests;

namespace Dramatis.Server.Settings;

/// <summary>Settings from <c>dramatis.json</c>, and over them from the environment; flags of the command line arrive as environment.</summary>
internal static class SettingsReader
{
    /// <summary>The data folder when nobody says another.</summary>
    public static readonly string UsualFolder = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dramatis");

    private const int LongestFile = 1 << 20;

    /// <param name="variable">The value of an environment variable, or null.</param>
    /// <exception cref="InvalidRequestException">A setting is unknown, of the wrong kind or out of range; the message begins with its name.</exception>
    public static ServiceSettings Read(Func<string, string?> variable)
    {
        var data = variable(VariableOf("data")) is { Length: > 0 } folder ? folder : UsualFolder;
        var values = ReadFile(Path.Combine(data, ServiceSettings.FileName));
        foreach (var field in RequestField.Of(typeof(ServiceSettings)))
        {
            if (variable(VariableOf(field.Name)) is { Length: > 0 } text)
            {
                values[field.Name] = ToJson(text, field.Type);
            }
        }

        values["data"] = Path.GetFullPath(data);
        var settings = StrictJson.Parse<ServiceSettings>(values.ToJsonString(), new(new RequestPaths(folder: null)), "an object of settings");
        FieldRules.CheckAll(settings);
        return settings with { Models = settings.Models ?? Path.Combine(settings.Data!, "models") };
    }

    public static string VariableOf(string setting) => ServiceSettings.VariablePrefix + setting.ToUpperInvariant();

    private static JsonObject ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(TextFile.Read(path, LongestFile, "a file of settings")) as JsonObject
                ?? throw new InvalidRequestException(path, "is no object of settings.");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException(path, $"cannot be read as settings: {e.Message}");
        }
    }

    // A text that is no number or switch stays text, which the contract then refuses by the setting's name.
    private static JsonNode ToJson(string text, Type type) =>
        type == typeof(int) && int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole
        : type == typeof(double) && double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : type == typeof(bool) && bool.TryParse(text, out var flag) ? flag
        : text;
}
