using System.Globalization;
using System.Text.Json;

namespace Dramatis.Configs;

/// <summary>What is known of the fields that published settings of one class have: those that are read, and what the others may say.</summary>
/// <remarks>A field on none of the lists may change pictures: whoever loads the settings tells of it.</remarks>
internal sealed record KnownFields
{
    /// <summary>Fields that something reads.</summary>
    public required IReadOnlyList<string> Read { get; init; }

    /// <summary>Fields that change pictures and are not read, each with the values that change nothing; other values are refused.</summary>
    public IReadOnlyList<FixedField> Fixed { get; init; } = [];

    /// <summary>Fields that change no picture, whatever they say: of training, of other programs, of tensors' types.</summary>
    public IReadOnlyList<string> Harmless { get; init; } = [];

    /// <summary>All lists together with those of others.</summary>
    public KnownFields With(KnownFields more) => new()
    {
        Read = [.. Read, .. more.Read],
        Fixed = [.. Fixed.Where(field => !more.Read.Contains(field.Name)), .. more.Fixed],
        Harmless = [.. Harmless, .. more.Harmless],
    };

    /// <summary>Refuses what asks for something that does not exist here.</summary>
    /// <exception cref="Errors.InvalidConfigException">A fixed field has another value.</exception>
    public void Check(ConfigReader config)
    {
        if (Differing(config) is [var field, ..])
        {
            throw config.Unsupported(field.Name, Shown(config.Json(field.Name)!.Value), string.Join(" or ", field.Values.DefaultIfEmpty("null")));
        }
    }

    /// <summary>The fixed fields that have another value.</summary>
    public IReadOnlyList<FixedField> Differing(ConfigReader config) =>
        [.. Fixed.Where(field => config.Json(field.Name) is { } value && !field.Allows(value))];

    /// <summary>The fields that nobody here knows, as far as they say something.</summary>
    public IReadOnlyList<string> Unknown(ConfigReader config) =>
    [
        .. config.Fields.Where(name => !name.StartsWith('_') && !Read.Contains(name) && !Harmless.Contains(name)
            && !Fixed.Any(field => field.Name == name) && config.Json(name) is { } value && !IsNothing(value)),
    ];

    private static string Shown(JsonElement value)
    {
        const int Longest = 40;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind == JsonValueKind.False
        || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Null))
        || (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any());
}

/// <summary>A field that may say certain things alone.</summary>
/// <param name="Values">As JSON has them, texts without quotes; null is allowed besides.</param>
internal sealed record FixedField(string Name, params IReadOnlyList<string> Values)
{
    /// <summary>Whether a value, or each of a list of them, is one of those. Of a token, as transformers writes them, its text counts.</summary>
    public bool Allows(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.EnumerateArray().All(Allows),
        JsonValueKind.Object => !value.EnumerateObject().Any() || (value.TryGetProperty("content", out var text) && Allows(text)),
        JsonValueKind.Number => Values.Any(allowed =>
            double.TryParse(allowed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == value.GetDouble()),
        JsonValueKind.True => Values.Contains("true"),
        JsonValueKind.False => Values.Contains("false"),
        _ => Values.Contains(value.GetString()!),
    };
}
