using System.Text.Json.Serialization;

namespace Dramatis.Training;

/// <summary>What happens while a stage is trained.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PriorPictureDone), "prior_picture")]
[JsonDerivedType(typeof(RecordBroken), "broken_record")]
[JsonDerivedType(typeof(ScenesBegun), "scenes")]
[JsonDerivedType(typeof(TrainingStarted), "started")]
[JsonDerivedType(typeof(TrainingStepDone), "step")]
[JsonDerivedType(typeof(TrainingEvaluated), "evaluated")]
[JsonDerivedType(typeof(TrainingSaved), "saved")]
[JsonDerivedType(typeof(TrainingFinished), "finished")]
public abstract record TrainingEvent(long Step, long Steps);

/// <summary>Before a learning begins: a picture of others of a subject's kind is there.</summary>
/// <param name="Picture">Pictures of that kind that are there.</param>
/// <param name="Pictures">Pictures of that kind in all.</param>
public sealed record PriorPictureDone(int Picture, int Pictures) : TrainingEvent(0, 0);

/// <summary>Before a training begins: a record of its data is broken, and is left out where that was asked for.</summary>
/// <param name="Problem">Which one, and what is wrong with it.</param>
public sealed record RecordBroken(string Problem) : TrainingEvent(0, 0);

/// <summary>Before a training begins: the scenes that it learns from are drawn and encoded, which takes a while.</summary>
public sealed record ScenesBegun(int Scenes) : TrainingEvent(0, 0);

/// <summary>A training starts, or goes on from a checkpoint.</summary>
public sealed record TrainingStarted(long Step, long Steps, bool Resumed) : TrainingEvent(Step, Steps);

/// <summary>One step is done.</summary>
/// <param name="Loss">Of this step.</param>
/// <param name="AverageLoss">Of about the last hundred steps.</param>
/// <param name="PicturesPerSecond">Over about the last minute, evaluations left out.</param>
/// <param name="SecondsLeft">At that speed, evaluations left out.</param>
public sealed record TrainingStepDone(
    long Step,
    long Steps,
    double Loss,
    double AverageLoss,
    double LearningRate,
    double PicturesPerSecond,
    double SecondsLeft) : TrainingEvent(Step, Steps)
{
    /// <summary>What the average loss is made of, by name and without weights; null where it is one thing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, double>? AverageParts { get; init; }
}

/// <summary>The running average of the weights was judged.</summary>
public sealed record TrainingEvaluated(long Step, long Steps, IReadOnlyDictionary<string, double> Figures)
    : TrainingEvent(Step, Steps);

/// <summary>A checkpoint was written.</summary>
public sealed record TrainingSaved(long Step, long Steps, string Path) : TrainingEvent(Step, Steps);

/// <summary>The finished model was written.</summary>
public sealed record TrainingFinished(long Step, long Steps, string Folder) : TrainingEvent(Step, Steps);
