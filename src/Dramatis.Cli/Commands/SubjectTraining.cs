using System.CommandLine;
using System.Text.Json.Nodes;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary>What a method that learns subjects brings to the training that all of them share.</summary>
/// <param name="Learner">Belongs to the training.</param>
/// <param name="View">How pictures of a subject are seen.</param>
internal sealed record SubjectRecipe(SubjectLearner Learner, ViewMaker View)
{
    /// <summary>How others of its kind are seen; null: as the subject.</summary>
    public ViewMaker? OthersView { get; init; }

    /// <summary>What the record says beside what all records say.</summary>
    public IReadOnlyList<(string Field, JsonNode? Value)> Record { get; init; } = [];
}

/// <summary>The options and the training of all methods that learn subjects as words before their kinds.</summary>
internal sealed class SubjectTraining(string method, LearnOptions options, WordOptions words, PriorOptions prior)
{
    public void AddTo(Command command)
    {
        options.AddTo(command);
        words.AddTo(command);
        prior.AddTo(command);
    }

    /// <summary>Learns, or says what it would take.</summary>
    /// <param name="before">What texts begin with, for example <c>a photo of</c>.</param>
    /// <param name="begin">What the method brings, for a model and pictures of so many pixels a side.</param>
    public int Run(ParseResult parsed, TrainerOptions trainer, string before, Func<BaseModel, int, SubjectRecipe> begin, CancellationToken cancellationToken)
    {
        var lessons = words.Lessons(parsed, options.Subjects(parsed), before);
        var model = BaseModel.Load(options.Model(parsed));
        var side = options.Side(parsed, model);
        var recipe = begin(model, side);    // says what is wrong before anything is painted
        using var stage = new SubjectStage(
            recipe.Learner,
            new()
            {
                Method = method,
                Subjects = prior.Beside(parsed, options, lessons, model, cancellationToken),
                View = recipe.View,
                OthersView = recipe.OthersView,
                Side = side,
                Seed = options.Seed(parsed),
                Record = [.. LearnOptions.Record(trainer), .. recipe.Record, ("prior_weight", recipe.Learner.PriorWeight)],
            },
            cancellationToken);
        return options.Run(parsed, stage, trainer, cancellationToken);
    }
}
