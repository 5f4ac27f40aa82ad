using Dramatis.Server.Storage;
using Dramatis.Training;

namespace Dramatis.Server.Painting;

/// <summary>What is told of a training. Files of this machine are not among it.</summary>
internal static class TrainingEvents
{
    /// <param name="sheet">What it has learned so far, where it was judged.</param>
    /// <returns>Null for what nobody waits for.</returns>
    public static JobEvent? Of(TrainingEvent item, PictureRow? sheet) => item switch
    {
        TrainingStarted started => JobEvent.Of(JobEvent.TrainingStarted, new { step = started.Step, steps = started.Steps, resumed = started.Resumed }),
        PriorPictureDone prior => JobEvent.Of(JobEvent.PriorPicture, new { picture = prior.Picture, pictures = prior.Pictures }),
        TrainingStepDone step => JobEvent.Of(JobEvent.Step, new
        {
            step = step.Step,
            steps = step.Steps,
            loss = Finite(step.Loss),
            average_loss = Finite(step.AverageLoss),
            learning_rate = step.LearningRate,
            pictures_per_second = step.PicturesPerSecond,
            seconds_left = step.SecondsLeft,
        }),
        TrainingEvaluated evaluated => JobEvent.Of(JobEvent.Evaluated, new
        {
            step = evaluated.Step,
            steps = evaluated.Steps,
            figures = evaluated.Figures.ToDictionary(figure => figure.Key, figure => Finite(figure.Value)),
            picture = sheet?.Id,
            blob = sheet?.Blob,
        }),
        _ => null,
    };

    // JSON has no other numbers.
    private static double? Finite(double number) => double.IsFinite(number) ? number : null;
}
