using System.CommandLine;
using System.CommandLine.Parsing;
using Dramatis.Cli.Host;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis merge custom-diffusion</c>.</summary>
internal sealed class MergeCustomDiffusion
{
    private const string Method = "custom-diffusion";
    private const char Mark = '=';

    private readonly Argument<string[]> sources = new("FILE=KIND")
    {
        Description = "What was learned of a subject, the file or the folder with it, and the words that name its kind; at least two.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> words = new("--word") { Description = "What each subject is called from now on; as it was learned when not given." };
    private readonly Option<string> captions = new("--captions")
    {
        Description = "Text file with a caption of other things on each line, which shall stay as they are; the first 200 count.",
        Required = true,
    };

    private readonly Option<string?> model = new("--model") { Description = "Of 'dramatis models', or a folder: what the subjects were learned with; the embedded model when not given." };
    private readonly Option<string> output = new("--output", "-o") { Description = "Folder for the files.", Required = true };

    public Command Create()
    {
        var command = new Command(
            Method,
            """
            Makes one Custom Diffusion of subjects that were learned one by one, in closed form: seconds, and nothing is trained.

            Example: dramatis merge custom-diffusion runs/tom/model=cat runs/rex/model=dog --word "<tom>" --word "<rex>" --captions captions.txt -o both
            Then:    dramatis paint "a <tom> cat and a <rex> dog" --lora both/pytorch_custom_diffusion_weights.safetensors --lora "both/<tom>.safetensors" --lora "both/<rex>.safetensors"
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
        var names = Names(parsed, given.Length);
        var texts = ConceptFiles.ReadCaptions(parsed.GetRequiredValue(captions));
        var folder = parsed.GetRequiredValue(output);
        using var loaded = BaseModel.Load(Models.Open().Locate(parsed.GetValue(model)));
        var concepts = new List<LearnedConcept>();
        try
        {
            concepts.AddRange(given.Zip(names, (source, name) => Read(source, name, loaded)));
            using var merged = CustomDiffusionMerge.Merge(loaded, concepts, texts);
            new ModelWriter(folder).Text("", SubjectStage.RecordName, ConfigWriter.Write(
                ("method", Method),
                ("phrase", string.Join(", ", concepts.Select(concept => concept.Words))),
                ("model", loaded.Fingerprint),
                ("merged", concepts.Count)));
            CustomDiffusionFile.Write(folder, merged.Changes.OfType<NewValues>(), merged.Changes.OfType<NewWord>());
        }
        finally
        {
            concepts.ForEach(concept => concept.Patch.Dispose());
        }

        Console.Error.WriteLine($"done: {folder}");
        return 0;
    }

    /// <exception cref="InvalidRequestException">There are more names than subjects, or fewer.</exception>
    private string?[] Names(ParseResult parsed, int subjects) =>
        parsed.GetValue(words) is not { Length: > 0 } given ? new string?[subjects]
        : given.Length != subjects ? throw new InvalidRequestException("--word", $"is {given.Length} words for {subjects} subjects; give one for each.")
        : given.Any(string.IsNullOrWhiteSpace) ? throw new InvalidRequestException("--word", "is empty; give a word that no prompt has yet.")
        : given;

    // Paths may have the mark too; kinds do not.
    private static LearnedConcept Read(string source, string? name, BaseModel model)
    {
        var mark = source.LastIndexOf(Mark);
        return ConceptFiles.Read(source[..mark], model, source[(mark + 1)..], name);
    }

    private static void RequireKinds(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.LastIndexOf(Mark) is var mark && (mark < 1 || string.IsNullOrWhiteSpace(token.Value[(mark + 1)..]))) is { } wrong)
        {
            result.AddError($"'{wrong.Value}' is no FILE=KIND, for example runs/tom/model=cat.");
        }
    }
}
