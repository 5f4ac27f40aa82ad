using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Cli.Commands;

/// <summary>The flags of <c>paint</c> that say a field of the request: what they are called and mean stands at the field.</summary>
/// <remarks>Made at every start of <c>paint</c>: without much generic code, which would be compiled then.</remarks>
/// <param name="isCalled">Otherwise there are none.</param>
internal sealed partial class RequestFlags(bool isCalled)
{
    private const string LayoutPrefix = "layout.";

    private static readonly GenerationRequest Usual = new() { Prompt = "" };

    private static readonly HashSet<string> ModelDecides =
        [.. typeof(GenerationDefaults).GetProperties().Select(property => RequestField.NameOf(property.Name)), "schedule"];

    private readonly Flag[] own = isCalled ? FlagsOf(Usual) : [];
    private readonly Flag[] layout = isCalled ? FlagsOf(LayoutOptions.Usual) : [];

    public IEnumerable<(FieldGroup Group, Option Option)> Options => own.Concat(layout).Select(flag => (flag.Field.Said.Group, flag.Option));

    /// <summary>The request with what the flags say instead of its own.</summary>
    public GenerationRequest Override(GenerationRequest request, ParseResult parsed)
    {
        var (changed, options) = (request with { }, request.Layout with { });
        Override(changed, own, parsed);
        Override(options, layout, parsed);
        return changed with { Layout = options };
    }

    /// <summary>The flag that said what a field holds, or null where none did.</summary>
    public string? NameOf(string field, ParseResult parsed)
    {
        var given = own.Concat(layout).Where(flag => parsed.GetResult(flag.Option) is { Implicit: false });
        if (given.FirstOrDefault(flag => field == flag.Field.Name || field == $"{LayoutPrefix}{flag.Field.Name}") is { } flag)
        {
            return flag.Option.Name;
        }

        // An item of a list, and which of its fields.
        return Item().Match(field) is { Success: true } match
            && given.FirstOrDefault(flag => flag.Field.Name == match.Groups["list"].Value) is { Option: Option<string[]> list }
            && parsed.GetValue(list)?.ElementAtOrDefault(int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)) is { } text
                ? $"{list.Name} \"{text.Split('=', '*')[0]}\"{match.Groups["inner"].Value.Replace(".", ", ", StringComparison.Ordinal)}"
                : null;
    }

    /// <exception cref="InvalidRequestException">The text is no size.</exception>
    public static PixelSize ParseSize(string text) =>
        text.Split('x', 'X') is [var width, var height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var w)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var h)
            ? new(w, h)
            : throw new InvalidRequestException("--size", $"\"{text}\" is no size; write WIDTHxHEIGHT, for example 128x128.");

    private static Flag[] FlagsOf(object usual) =>
    [
        .. RequestField.Of(usual.GetType()).Where(field => field.Said.Meaning is not null).Select(field => new Flag(field, OptionOf(field, field.Get(usual)))),
    ];

    private static Option OptionOf(RequestField field, object? usual)
    {
        var name = field.Said.Flag ?? $"--{field.Name.Replace('_', '-')}";
        Option option = field.Type switch
        {
            var type when type == typeof(bool) => new Option<bool?>(name),
            var type when type == typeof(int) => new Option<int?>(name),
            var type when type == typeof(ulong) => new Option<ulong?>(name),
            var type when type == typeof(double) => new Option<double?>(name),
            var type when type == typeof(StepWindow) => new Option<double[]>(name) { Arity = new(2, 2), AllowMultipleArgumentsPerToken = true },
            { IsInterface: true } => new Option<string[]>(name),    // a list
            _ => new Option<string?>(name),
        };
        option.Description = Describe(field.Said, ChoicesOf(name)) + Default(field, usual);
        if (field.Said.ShortFlag is { } alias)
        {
            option.Aliases.Add(alias);
        }

        return option;
    }

    private static IEnumerable<string>? ChoicesOf(string flag) => flag switch
    {
        "--method" => MethodCatalog.All.Select(method => method.Name),
        "--sampler" => SamplerKinds.All,
        "--schedule" => ScheduleNames.All,
        "--prediction" => PredictionNames.All,
        "--layout" => LayoutModes.All,
        "--cut-out" => CutOutModes.All,
        _ => null,
    };

    private static string Describe(FieldAttribute said, IEnumerable<string>? choices)
    {
        var meaning = said.Meaning!.TrimEnd('.')
            + (choices is null ? "" : $": {string.Join(", ", choices)}")
            + (said.Usual is null ? "" : $" ({said.Usual})");
        return said is { Least: > double.NegativeInfinity, Most: < double.PositiveInfinity }
            ? string.Create(CultureInfo.InvariantCulture, $"{meaning}, {said.Least} to {said.Most}.")
            : $"{meaning}.";
    }

    // What the model decides is null in the request.
    private static string Default(RequestField field, object? usual) => usual switch
    {
        null => ModelDecides.Contains(field.Name) ? " [default: the model's]" : "",
        Enum mode => $" [default: {mode.ToString().ToLowerInvariant()}]",
        StepWindow window => string.Create(CultureInfo.InvariantCulture, $" [default: {window.Start} {window.End}]"),
        IFormattable number => $" [default: {number.ToString(null, CultureInfo.InvariantCulture)}]",
        _ => "",
    };

    private static void Override(object record, Flag[] flags, ParseResult parsed)
    {
        foreach (var flag in flags)
        {
            if (parsed.GetResult(flag.Option) is { } given && given.GetValueOrDefault<object>() is { } value)
            {
                flag.Field.Set(record, Parse(value, flag.Field.Type, flag.Option.Name));
            }
        }
    }

    private static object Parse(object value, Type type, string flag) => value switch
    {
        string text when type == typeof(PixelSize) => ParseSize(text),
        string word when ChoicesOf(flag) is { } choices && !choices.Contains(word) => throw InvalidRequestException.Unknown(flag, word, choices),
        string path when type == typeof(Reference) => Reference.FromFile(path),
        string mode when type == typeof(LayoutMode) => LayoutModes.Parse(mode, flag),
        string mode when type == typeof(CutOutMode) => CutOutModes.Of(mode),
        string[] texts when type == typeof(IReadOnlyList<Subject>) => texts.Select(SubjectText.Parse).ToList(),
        string[] texts when type == typeof(IReadOnlyList<Control>) => texts.Select(ControlText.Parse).ToList(),
        string[] texts when type == typeof(IReadOnlyList<Reference>) => texts.Select(Reference.FromFile).ToList(),
        string[] texts when type == typeof(IReadOnlyList<Lora>) => texts.Select(ParseLora).ToList(),
        double[] numbers => new StepWindow(numbers[0], numbers[1]),
        _ => value,
    };

    private static Lora ParseLora(string text)
    {
        var lora = ControlText.ParseLora(text);
        return lora with { File = Models.Open().LocateWeights(lora.File) };
    }

    [GeneratedRegex(@"^(?<list>\w+)\[(?<number>\d+)\](?<inner>.*)$")]
    private static partial Regex Item();

    private sealed record Flag(RequestField Field, Option Option);
}
