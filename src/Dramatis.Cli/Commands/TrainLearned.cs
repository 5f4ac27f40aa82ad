using System.CommandLine;
using System.Globalization;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train METHOD</c> for a method that learns subjects: all that it says comes from the catalogue.</summary>
internal sealed class TrainLearned(LearnedMethod method)
{
    private readonly LearnOptions options = new(method);
    private readonly Option<string[]> subjects = new("--subject")
    {
        Description = "The words that name the kind of subject, for example \"cat\".",
        Required = true,
    };

    private readonly Option<string[]> references = new("--references")
    {
        Description = $"Folder with at least {SubjectFolder.FewestPictures} pictures of it; tom.mask.png may lie beside tom.jpg.",
        Required = true,
    };

    private readonly Option<string?> model = new("--model")
    {
        Description = "A name of 'dramatis models', or a model folder; the embedded model when not given.",
    };

    private readonly Option<string> output = new("--output", "-o") { Description = "Folder of the run; a run found there goes on.", Required = true };
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what it would take, and stop." };

    public Command Create()
    {
        var command = new GroupedCommand(
            method.Name,
            $"""
            {method.Summary}

            Example: dramatis train {method.Name} --subject dog --references samples/learn/dog -o runs/dog
            Then:    {LearnedExample.Of(method, "dog", "runs/dog/model")}
            """);
        options.AddTo(command, [subjects, references], [model, output, dryRun]);
        command.SetAction((parsed, cancellationToken) =>
        {
            FlagNames.Named(() => Run(Request(parsed), parsed.GetValue(dryRun), options.Json(parsed), cancellationToken));
            return Task.FromResult(0);
        });
        return command;
    }

    /// <summary>Learns, or says what it would take.</summary>
    public static void Run(LearnRequest request, bool isDry, bool json, CancellationToken cancellationToken)
    {
        TrainReport.Loading(json);
        if (isDry)
        {
            Console.WriteLine(Text(Learning.Estimate(request, cancellationToken)));
        }
        else
        {
            Learning.Run(request, new TrainReport(json, LearnedExample.Of(request)), cancellationToken);
        }
    }

    private LearnRequest Request(ParseResult parsed)
    {
        var (kinds, folders) = (parsed.GetRequiredValue(subjects), parsed.GetRequiredValue(references));
        InvalidRequestException.ThrowUnless(
            method.LearnsSeveral || kinds.Length == 1,
            "--subject", "is given more than once, but this method learns one subject at a time; give the command once for each.");
        return kinds.Length != folders.Length
            ? throw new InvalidRequestException("--references", $"names {folders.Length} folders for {kinds.Length} subjects; give one for each.")
            : options.Request(
                parsed,
                [.. kinds.Zip(folders, (kind, folder) => new LearnSubject { Kind = kind, References = [Reference.FromFile(folder)] })],
                Models.Open().Locate(parsed.GetValue(model)),
                parsed.GetRequiredValue(output));
    }

    private static string Text(LearnEstimate estimate) => string.Create(
        CultureInfo.InvariantCulture,
        $"{estimate.Steps} steps of {estimate.Step.TotalMilliseconds:0} ms, about {(int)estimate.Time.TotalHours}:{estimate.Time:mm\\:ss}; "
        + $"{estimate.TunedWeights:N0} weights are tuned, {estimate.TunedBytes / 1048576.0:0} MiB with gradients and optimiser; nothing was written");
}
