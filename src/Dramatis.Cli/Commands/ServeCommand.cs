using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.Requests;
using Dramatis.Server.Settings;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis serve</c>: becomes the service. Flags go to it as environment, which keeps what is secret out of lists of processes.</summary>
/// <param name="isCalled">Otherwise it is only listed, without its flags.</param>
internal sealed class ServeCommand(bool isCalled)
{
    private readonly (RequestField Field, Option Option, Func<ParseResult, string?> Read)[] flags =
        isCalled ? [.. RequestField.Of(typeof(ServiceSettings)).Select(field => Create(field, field.Get(new ServiceSettings())))] : [];

    public static Command Create(bool isCalled) => new ServeCommand(isCalled).Build();

    private Command Build()
    {
        var command = new Command(
            "serve",
            """
            Serves pictures: jobs that last, an HTTP API, OpenAI's and AUTOMATIC1111's too.
            Each flag is also a variable of the environment (DRAMATIS_MAX_QUEUE) and a field of dramatis.json in the data folder (max_queue).

            Examples:
              dramatis serve
              dramatis serve --urls http://127.0.0.1:9000 --data /srv/dramatis --painters 2
            """);
        foreach (var flag in flags)
        {
            command.Add(flag.Option);
        }

        command.SetAction(parsed =>
        {
            foreach (var (field, _, read) in flags)
            {
                if (read(parsed) is { } value)
                {
                    Environment.SetEnvironmentVariable(ServiceSettings.VariablePrefix + field.Name.ToUpperInvariant(), value);
                }
            }

            ServiceProgram.Become();
        });
        return command;
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
