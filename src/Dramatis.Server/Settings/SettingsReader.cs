using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Requests;
using Dramatis.Tensors;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Server.Settings;

/// <summary>Settings from <c>dramatis.json</c>, and over them from the environment; flags of the command line arrive as environment.</summary>
internal static partial class SettingsReader
{
    /// <summary>The data folder when nobody says another.</summary>
    public static readonly string UsualFolder = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dramatis");

    private const int LongestFile = 1 << 20;
    private const int NearBy = 3;    // letters

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
                values[field.Name] = ToJson(text, field);
            }
        }

        values["data"] = Path.GetFullPath(data);
        var settings = Parse(values.ToJsonString());
        FieldRules.CheckAll(settings);
        Precisions.Parse(settings.Precision);
        ThrowUnless(DeviceName().IsMatch(settings.Device), "device", $"\"{settings.Device}\" is no device; write cpu, cuda, or cuda: and a number from 0.");
        var models = settings.Models ?? Path.Combine(settings.Data!, "models");
        ThrowUnless(!File.Exists(models), "models", $"{models} is a file, where a folder is wanted.");
        return settings with { Models = models };
    }

    /// <summary>Variables that begin as a setting's does and are near to one.</summary>
    public static IEnumerable<(string Variable, string Meant)> Unknown(IEnumerable<string> variables)
    {
        string[] known = [.. RequestField.Of(typeof(ServiceSettings)).Select(field => VariableOf(field.Name))];
        return
            from variable in variables.Except(known)
            where variable.StartsWith(ServiceSettings.VariablePrefix, StringComparison.Ordinal)
            let meant = known.FirstOrDefault(name => Spelling.Distance(name, variable) <= NearBy)
            where meant is not null
            select (variable, meant);
    }

    public static string VariableOf(string setting) => ServiceSettings.VariablePrefix + setting.ToUpperInvariant();

    private static JsonObject ReadFile(string path)
    {
        if (!Path.Exists(path))
        {
            return [];
        }

        var text = ReadText(path);
        try
        {
            Parse(text);
        }
        catch (InvalidRequestException e)
        {
            throw e.Field == StrictJson.Whole || JsonProblem.IsMalformed(e)
                ? new(path, e.Problem)
                : new InvalidRequestException(e.Field, $"{e.Problem} So it stands in {path}.");
        }

        var values = JsonNode.Parse(text)!.AsObject();
        ThrowUnless(!values.ContainsKey("data"), "data", $"cannot stand in {path}, which is looked for there; give it as --data or {VariableOf("data")}.");
        return values;
    }

    private static string ReadText(string path)
    {
        try
        {
            return TextFile.Read(path, LongestFile, "a file of settings");
        }
        catch (Exception e) when (FileProblem.Is(e))
        {
            throw new InvalidRequestException(path, FileProblem.Of(path, e));
        }
    }

    private static ServiceSettings Parse(string json) =>
        StrictJson.Parse<ServiceSettings>(json, new(new RequestPaths(folder: null)), "an object of settings, such as { \"max_queue\": 100 }");

    // A text that is no name of an enum stays text, which the contract then refuses by the setting's name.
    private static JsonNode ToJson(string text, RequestField field) =>
        field.Type == typeof(int)
            ? int.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? whole : throw Refused(field, text, "is no whole number, or too large")
        : field.Type == typeof(double)
            ? double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw Refused(field, text, "is no number")
        : field.Type == typeof(bool) ? bool.TryParse(text, out var flag) ? flag : throw Refused(field, text, "is neither true nor false")
        : (JsonNode)text;

    private static InvalidRequestException Refused(RequestField field, string text, string problem) => new(field.Name, $"\"{text}\" {problem}.");

    [GeneratedRegex("^(cpu|cuda(:[0-9]{1,3})?)$")]
    private static partial Regex DeviceName();
}
