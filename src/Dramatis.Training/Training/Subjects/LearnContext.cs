using System.Text.Json.Nodes;
using Dramatis.Weights;

namespace Dramatis.Training.Subjects;

/// <summary>A subject whose pictures are read, with its word.</summary>
/// <param name="Word">Empty for methods that have none.</param>
/// <param name="Phrase">What means it in prompts.</param>
internal sealed record NamedSubject(string Kind, string Word, string Phrase, string? Initializer, IReadOnlyList<SubjectPicture> Pictures)
{
    /// <summary>Its phrase in every text, and its kind in those of others.</summary>
    /// <param name="before">What texts begin with, for example <c>a photo of</c>.</param>
    public SubjectLesson Lesson(string before) => new()
    {
        Phrase = Phrase,
        Pictures = Pictures,
        Text = _ => $"{before} {Phrase}",
        OthersText = $"{before} {Kind}",
    };
}

/// <summary>What a method's learner is made for.</summary>
internal sealed record LearnContext
{
    /// <summary>Belongs to the caller.</summary>
    public required BaseModel Model { get; init; }

    public required IReadOnlyList<NamedSubject> Subjects { get; init; }

    /// <summary>Pixels a side that pictures are cut to.</summary>
    public required int Side { get; init; }

    public required ulong Seed { get; init; }

    public required double PriorWeight { get; init; }
}

/// <summary>What a method brings to the training that all of them share.</summary>
/// <param name="Learner">Belongs to the training.</param>
/// <param name="View">How pictures of a subject are seen.</param>
/// <param name="Lessons">What each subject is learned from, others of its kind left out.</param>
internal sealed record SubjectRecipe(SubjectLearner Learner, ViewMaker View, IReadOnlyList<SubjectLesson> Lessons)
{
    /// <summary>How others of its kind are seen; null: as the subject.</summary>
    public ViewMaker? OthersView { get; init; }

    /// <summary>What the record says beside what all records say.</summary>
    public IReadOnlyList<(string Field, JsonNode? Value)> Record { get; init; } = [];
}
