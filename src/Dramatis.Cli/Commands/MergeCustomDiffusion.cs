using System.CommandLine;
using System.CommandLine.Parsing;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis merge custom-diffusion</c>.</summary>
internal sealed class MergeCustomDiffusion
{
    private const char Mark = '=';

    private readonly Argument<string[]> sources = new("FILE=KIND")
    {
        Description = "What was learned of a subject, the file or the folder with it, and the words that name its kind; at least two.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> words = new("--word")
    {
        Description = "What each subject is called from now on; when not given as it was learned, or the next free of <new1>, <new2>, ...",
    };

    private readonly Option<string> captions = new("--captions")
    {
        Description = "Text file with a caption of other things on each line, which shall stay as they are; the first 200 count.",
        Required = true,
    };

    private readonly Option<string?> model = new("--model")
    {
        Description = "Of 'dramatis models', or a folder: what the subjects were learned with; the embedded model when not given.",
    };

    private readonly Option<string> output = new("--output", "-o") { Description = "Folder for the files.", Required = true };

    public Command Create()
    {
        var command = new Command(
            "custom-diffusion",
            """
            Makes one Custom Diffusion of subjects that were learned one by one, in closed form: seconds, and nothing is trained.

            Example: dramatis merge custom-diffusion runs/dog/model=dog runs/rose/model=rose --word "<rex>" --word "<rosa>" --captions samples/learn/captions.txt -o runs/merged    # needs two trainings
            Then:    dramatis paint "a <rex> dog and a <rosa> rose" --lora runs/merged/pytorch_custom_diffusion_weights.safetensors --lora "runs/merged/<rex>.safetensors" --lora "runs/merged/<rosa>.safetensors"    # needs that
            """)
        {
            sources, words, captions, model, output,
        };
        sources.Validators.Add(RequireKinds);
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var given = parsed.GetRequiredValue(sources);
        var folder = parsed.GetRequiredValue(output);
        var names = Names(parsed, given.Length);
        IReadOnlyList<string> notices = [];
        FlagNames.Named(() => notices = ConceptMerge.Run(new()
        {
            Model = Models.Open().Locate(parsed.GetValue(model)),
            Subjects = [.. given.Zip(names, Subject)],
            Captions = parsed.GetRequiredValue(captions),
            Output = folder,
        }));
        foreach (var notice in notices)
        {
            Console.Error.WriteLine(TerminalText.OneLine($"--word: {notice}"));
        }

        Console.Error.WriteLine($"done: {folder}");
        return 0;
    }

    /// <exception cref="InvalidRequestException">There are more names than subjects, or fewer.</exception>
    private string?[] Names(ParseResult parsed, int subjects) =>
        parsed.GetValue(words) is not { Length: > 0 } given ? new string?[subjects]
        : given.Length == subjects ? given
        : throw new InvalidRequestException("--word", $"is {given.Length} words for {subjects} subjects; give one for each.");

    // Paths may have the mark too; kinds do not.
    private static MergeSubject Subject(string source, string? name)
    {
        var mark = source.LastIndexOf(Mark);
        return new(source[..mark], source[(mark + 1)..], name);
    }

    private static void RequireKinds(ArgumentResult result)
    {
        if (result.Tokens.Select(token => token.Value).FirstOrDefault(HasNoKind) is { } wrong)
        {
            result.AddError($"'{wrong}' is no FILE=KIND, for example runs/tom/model=cat.");
        }

        static bool HasNoKind(string text) => text.LastIndexOf(Mark) is var mark && (mark < 1 || string.IsNullOrWhiteSpace(text[(mark + 1)..]));
    }
}
