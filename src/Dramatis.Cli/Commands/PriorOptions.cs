using System.CommandLine;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary>The options of methods that keep a model from forgetting the kind of a subject.</summary>
internal sealed class PriorOptions
{
    private const string Folder = "prior";

    private readonly Option<int> count;
    private readonly Option<double> weight = new("--prior-weight") { Description = "How much they count beside the subject.", DefaultValueFactory = _ => 1 };

    public PriorOptions(int usualCount)
    {
        count = new("--prior") { Description = "Pictures of others of the kind, painted by the model itself at first and kept; 0 is none.", DefaultValueFactory = _ => usualCount };
        count.Require<int>(value => value >= 0, "takes a number that is not negative");
        weight.Require<double>(value => value is >= 0 and < double.PositiveInfinity, "takes a number that is not negative");
    }

    public void AddTo(Command command)
    {
        command.Add(count);
        command.Add(weight);
    }

    public double Weight(ParseResult parsed) => parsed.GetValue(weight);

    /// <summary>The lessons with pictures of others of their kinds: those that are in the run's folder, and the rest painted.</summary>
    /// <param name="model">As it was published; it stays so.</param>
    public IReadOnlyList<SubjectLesson> Beside(
        ParseResult parsed, LearnOptions options, IReadOnlyList<SubjectLesson> lessons, BaseModel model, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(count) is var wanted && wanted == 0)
        {
            return lessons;
        }

        // To say how long it takes, any pictures do.
        if (options.IsDryRun(parsed))
        {
            return [.. lessons.Select(lesson => lesson with { Others = lesson.Pictures })];
        }

        using var painter = new Painter(model, leaveOpen: true);
        return
        [
            .. lessons.Select(lesson => lesson with
            {
                Others = PriorPictures.Ensure(
                    Path.Combine(options.Output(parsed), Folder),
                    new(lesson.OthersText, wanted, painter.Fingerprint, options.Seed(parsed)),
                    (prompt, seed, stop) => painter.Paint(new GenerationRequest { Prompt = prompt, Seed = seed }, cancellationToken: stop),
                    Report,
                    cancellationToken),
            }),
        ];
    }

    private static void Report(int done, int all)
    {
        if (done == all || done % 10 == 0)
        {
            Console.Error.WriteLine($"prior pictures: {done} of {all}");
        }
    }
}
