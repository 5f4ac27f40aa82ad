using Dramatis.Errors;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Training.Learned;

/// <summary>Gives lessons their pictures of others.</summary>
/// <param name="count">For each; at least one.</param>
/// <param name="model">As it was published; it stays so.</param>
internal delegate IReadOnlyList<SubjectLesson> BesideOthers(
    IReadOnlyList<SubjectLesson> lessons, int count, BaseModel model, CancellationToken cancellationToken);

/// <summary>Makes the training of a request that keeps to the rules.</summary>
internal static class LearnStage
{
    /// <exception cref="DramatisException">A picture, the model or a setting is at fault.</exception>
    /// <exception cref="OperationCanceledException">Stopped while pictures were painted or encoded.</exception>
    public static SubjectStage Open(LearnRequest request, TrainerOptions trainer, BesideOthers beside, CancellationToken cancellationToken)
    {
        var method = LearnedMethods.Find(request.Method);
        NamedSubject[] subjects = [.. request.Subjects.Select((subject, i) => Named(subject, i, method))];
        var model = BaseModel.Load(request.Model ?? throw new InvalidRequestException("model", "is missing; name the folder of a base model."));
        SubjectRecipe? recipe = null;
        try
        {
            var side = Side(request.Resolution, model);
            var context = new LearnContext { Model = model, Subjects = subjects, Side = side, Seed = request.Seed, PriorWeight = request.PriorWeight ?? 1 };
            recipe = method.Begin(context, request.Settings);    // says what is wrong before anything is painted
            var prior = request.Prior ?? method.Usual.Prior ?? 0;
            return new(
                recipe.Learner,
                new()
                {
                    Method = method.Name,
                    Subjects = prior == 0 ? recipe.Lessons : beside(recipe.Lessons, prior, model, cancellationToken),
                    View = recipe.View,
                    OthersView = recipe.OthersView,
                    Side = side,
                    Seed = request.Seed,
                    Record =
                    [
                        ("steps", trainer.Steps),
                        ("batch", trainer.Batch),
                        ("learning_rate", trainer.LearningRate),
                        .. recipe.Record,
                        .. method.Usual.Prior is null ? [] : new (string, System.Text.Json.Nodes.JsonNode?)[] { ("prior_weight", recipe.Learner.PriorWeight) },
                    ],
                },
                cancellationToken);
        }
        catch
        {
            recipe?.Learner.Dispose();
            model.Dispose();
            throw;
        }
    }

    private static NamedSubject Named(LearnSubject subject, int index, LearnedMethod method)
    {
        var word = LearnRules.WordOf(subject, index, method);
        return new(subject.Kind, word, method.PhraseOf(subject.Kind, word), subject.Initializer, SubjectFolder.Read(subject, $"subjects[{index}]"));
    }

    private static int Side(int? wanted, BaseModel model)
    {
        var cell = model.Vae.Config.Factor;
        return wanted is not { } side ? model.Defaults.Size.Width
            : side >= cell && side % cell == 0 ? side
            : throw new InvalidRequestException("resolution", $"{side} is not a multiple of {cell} pixels, which this model needs.");
    }
}
