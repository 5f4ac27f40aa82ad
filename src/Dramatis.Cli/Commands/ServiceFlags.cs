using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dramatis.Requests;
using Dramatis.Server.Settings;

namespace Dramatis.Cli.Commands;

/// <summary>Settings of the service as flags, which go to its program as environment.</summary>
internal sealed class ServiceFlags
{
    private readonly (RequestField Field, Option Option, Func<ParseResult, string?> Read)[] flags;

    private ServiceFlags(Func<RequestField, bool> isWanted) =>
        flags = [.. RequestField.Of(typeof(ServiceSettings)).Where(isWanted).Select(field => Create(field, field.Get(new ServiceSettings())))];

    public static ServiceFlags None { get; } = new(_ => false);

    public static ServiceFlags All() => new(_ => true);

    /// <summary>Those of some names, as in dramatis.json.</summary>
    public static ServiceFlags Of(params string[] names) => new(field => names.Contains(field.Name));

    public void AddTo(Command command) => Array.ForEach(flags, flag => command.Add(flag.Option));

    /// <summary>Puts what was given into the environment.</summary>
    public void Export(ParseResult parsed)
    {
        foreach (var (field, _, read) in flags)
        {
            if (read(parsed) is { } value)
            {
                Environment.SetEnvironmentVariable(ServiceSettings.VariablePrefix + field.Name.ToUpperInvariant(), value);
            }
        }
    }

    private static (RequestField Field, Option Option, Func<ParseResult, string?> Read) Create(RequestField field, object? usual) =>
        field.Type == typeof(bool) ? Bind(field, usual, new Option<bool?>(NameOf(field)), value => value is true ? "true" : "false")
        : field.Type == typeof(int) ? Bind(field, usual, new Option<int?>(NameOf(field)), value => value?.ToString(CultureInfo.InvariantCulture))
        : field.Type == typeof(double) ? Bind(field, usual, new Option<double?>(NameOf(field)), value => value?.ToString(CultureInfo.InvariantCulture))
        : field.Type.IsEnum ? Bind(field, usual, Choice(field), value => value)
        : Bind(field, usual, new Option<string?>(NameOf(field)), value => value);

    private static (RequestField Field, Option Option, Func<ParseResult, string?> Read) Bind<T>(
        RequestField field, object? usual, Option<T> option, Func<T?, string?> write)
    {
        var choice = usual is Enum value ? JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) : usual;
        option.Description = choice is null or false ? field.Said.Meaning : string.Create(CultureInfo.InvariantCulture, $"{field.Said.Meaning} [default: {choice}]");
        return (field, option, parsed => parsed.GetResult(option) is null or { Implicit: true } ? null : write(parsed.GetValue(option)));
    }

    private static Option<string?> Choice(RequestField field)
    {
        var option = new Option<string?>(NameOf(field));
        option.AcceptOnlyFromAmong([.. Enum.GetNames(field.Type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)]);
        return option;
    }

    private static string NameOf(RequestField field) => $"--{field.Name.Replace('_', '-')}";
}
