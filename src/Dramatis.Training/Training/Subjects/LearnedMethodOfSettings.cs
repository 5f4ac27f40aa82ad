using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Training.Subjects;

/// <summary>A way to learn subjects, with a record of its own for its settings.</summary>
internal abstract class LearnedMethod<TSettings> : LearnedMethod
    where TSettings : LearnSettings, new()
{
    private readonly JsonTypeInfo<TSettings> json;
    private readonly TSettings usual = new();

    /// <param name="json">The settings' own JSON.</param>
    /// <param name="settings">Those that command lines have, in their order.</param>
    protected LearnedMethod(Func<JsonSerializerOptions, JsonTypeInfo<TSettings>> json, params IReadOnlyList<LearnSetting> settings)
    {
        this.json = json(new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
        Settings = [.. settings.Select(setting => setting with { Type = PropertyOf(setting).PropertyType, Usual = PropertyOf(setting).Get!(usual) })];
    }

    public sealed override IReadOnlyList<LearnSetting> Settings { get; }

    public sealed override LearnSettings ReadSettings(JsonObject fields, string field = "settings")
    {
        // What is not given must stay as usual, which a generated reader does not do by itself.
        var all = JsonSerializer.SerializeToNode(usual, json)!.AsObject();
        foreach (var (name, value) in fields.Where(item => item.Value is not null))
        {
            InvalidRequestException.ThrowUnless(all.ContainsKey(name), $"{field}.{name}", Spelling.Unknown(name, [.. all.Select(item => item.Key)]));
            all[name] = value!.DeepClone();
        }

        try
        {
            return all.Deserialize(json)!;
        }
        catch (JsonException e)
        {
            throw new InvalidRequestException($"{field}{e.Path?[1..]}", "has a value of the wrong kind.");
        }
    }

    public sealed override JsonObject WriteSettings(LearnSettings settings)
    {
        var (all, known) = (JsonSerializer.SerializeToNode((TSettings)settings, json)!.AsObject(), JsonSerializer.SerializeToNode(usual, json)!.AsObject());
        return new(all.Where(item => !JsonNode.DeepEquals(item.Value, known[item.Key])).Select(item => KeyValuePair.Create(item.Key, item.Value?.DeepClone())));
    }

    internal sealed override void Check(LearnSettings? settings)
    {
        InvalidRequestException.ThrowUnless(
            settings is null or TSettings, "settings", $"are {settings?.GetType().Name}, but {Name} takes {typeof(TSettings).Name}.");
        foreach (var setting in Settings.Where(setting => settings is not null && setting.Rule is not null))
        {
            var value = PropertyOf(setting).Get!(settings!);
            InvalidRequestException.ThrowUnless(
                value is null || setting.Rule!.Holds(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
                $"settings.{setting.Field}", $"{setting.Rule!.Text}.");
        }
    }

    internal sealed override SubjectRecipe Begin(LearnContext context, LearnSettings? settings) => Begin(context, settings as TSettings ?? usual);

    protected abstract SubjectRecipe Begin(LearnContext context, TSettings settings);

    private JsonPropertyInfo PropertyOf(LearnSetting setting) => json.Properties.Single(property => property.Name == setting.Field);
}
