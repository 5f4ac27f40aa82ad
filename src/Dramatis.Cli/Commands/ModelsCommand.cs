using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.Training.Preparation.Onnx;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis models</c>: names for models and adapters.</summary>
internal sealed class ModelsCommand
{
    private readonly Option<bool> json = new("--json") { Description = "One JSON object a model instead of text.", Recursive = true };
    private readonly Argument<string> name = new("NAME") { Description = "What requests call it." };

    public static Command Create() => new ModelsCommand().Build();

    private Command Build()
    {
        var command = new Command(
            "models",
            """
            Gives models names that requests may use; by itself, lists them.
            They are kept in the user's data folder, or in that which the environment variable DRAMATIS_DATA names.

            Examples:
              dramatis models add mine models/toybox --licence MIT
              dramatis paint "a castle" --model mine
            """)
        {
            json, List(), Add(), Remove(), Check(),
        };
        command.SetAction(ListAll);
        return command;
    }

    private Command List()
    {
        var command = new Command(
            "list",
            """
            Lists names, paths, hashes, licences and what each can do.

            Example: dramatis models list --json
            """);
        command.SetAction(ListAll);
        return command;
    }

    private Command Add()
    {
        var path = new Argument<string>("PATH") { Description = "A model folder, a model in a single file, or an adapter." };
        var own = new OwnModelOptions();
        var licence = new Option<string?>("--licence") { Description = "Under which licence it is, to be shown." };
        var matting = new Option<bool>("--matting")
        {
            Description = "It is an ONNX model that cuts subjects out of photographs, with settings in the JSON file of the same name; 'paint' uses it "
                + "from then on.",
        };
        var command = new Command(
            "add",
            """
            Looks at what a path holds and remembers it under a name, a base model with what is to go with it.

            Examples:
              dramatis models add mine models/toybox --licence MIT
              dramatis models add dreamy-ip ~/models/dreamy.safetensors --adapter ip-adapter_sd15.safetensors --image-encoder models/image_encoder    # needs these files
            """)
        {
            name, path, licence, matting,
        };
        foreach (var option in own.All)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(matting))
            {
                MattingModel.Load(parsed.GetRequiredValue(path)).Dispose();    // before it is remembered
            }

            var catalog = Models.Open();
            var loading = own.Read(parsed, new(), catalog);
            Show(catalog.Add(parsed.GetRequiredValue(name), parsed.GetRequiredValue(path), loading, parsed.GetValue(licence), cancellationToken), parsed);
            return Task.FromResult(0);
        });
        return command;
    }

    private Command Remove()
    {
        var command = new Command(
            "remove",
            """
            Forgets a name; the files stay.

            Example: dramatis models remove mine    # needs that name
            """)
        {
            name,
        };
        command.SetAction(parsed =>
        {
            Models.Open().Remove(parsed.GetRequiredValue(name));
            Console.Error.WriteLine($"{parsed.GetRequiredValue(name)} is forgotten; its files are where they were");
        });
        return command;
    }

    private Command Check()
    {
        var command = new Command(
            "check",
            """
            Says whether all models are there and unchanged.

            Example: dramatis models check
            """);
        command.SetAction((parsed, cancellationToken) =>
        {
            var code = 0;
            foreach (var entry in Models.Open().Entries)
            {
                var problem = entry.Problem(cancellationToken) is { } text ? TerminalText.OneLine(text) : null;
                code = problem is null ? code : ExitCode.Failed;
                Console.WriteLine(parsed.GetValue(json)
                    ? JsonSerializer.Serialize(new { name = entry.Name, ok = problem is null, problem })
                    : problem is null ? $"ok      {entry.Name}" : $"FAILED  {entry.Name}  {problem}");
            }

            return Task.FromResult(code);
        });
        return command;
    }

    private void ListAll(ParseResult parsed)
    {
        foreach (var entry in Models.Open().Entries)
        {
            Show(entry, parsed);
        }
    }

    private void Show(CatalogEntry entry, ParseResult parsed) =>
        Console.WriteLine(parsed.GetValue(json) ? JsonLine(entry) : string.Join(Environment.NewLine, Lines(entry)));

    private static IEnumerable<string> Lines(CatalogEntry entry)
    {
        yield return entry.Name;
        yield return $"  path     {entry.Path}";
        yield return $"  kind     {entry.Contents.Kind}";
        if (entry.Contents.TextWidth is { } width)
        {
            yield return $"  text     {width} wide{(entry.Contents.Family is { } family ? $", as in {family}" : "")}";
        }

        if (entry.Contents.Can.Count > 0)
        {
            yield return $"  can      {string.Join(", ", entry.Contents.Can)}";
        }

        foreach (var adapter in entry.Adapters ?? [])
        {
            yield return $"  adapter  {adapter}";
        }

        if (entry.ImageEncoder is { } encoder)
        {
            yield return $"  encoder  {encoder}";
        }

        if (entry.Configs is { } configs)
        {
            yield return $"  configs  {configs}";
        }

        yield return $"  licence  {entry.Licence ?? "unknown"}";
        if (entry.Digest is { } digest)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  size     {digest.Bytes / 1024.0 / 1024:N1} MiB");
            yield return $"  sha-256  {digest.Sha256}";
        }
    }

    private static string JsonLine(CatalogEntry entry) => JsonSerializer.Serialize(new
    {
        name = entry.Name,
        path = entry.Path,
        form = JsonNamingPolicy.SnakeCaseLower.ConvertName(entry.Contents.Form.ToString()),
        kind = entry.Contents.Kind,
        text_width = entry.Contents.TextWidth,
        family = entry.Contents.Family,
        can = entry.Contents.Can,
        adapters = entry.Adapters,
        image_encoder = entry.ImageEncoder,
        configs = entry.Configs,
        licence = entry.Licence,
        bytes = entry.Digest?.Bytes,
        sha256 = entry.Digest?.Sha256,
    });
}
