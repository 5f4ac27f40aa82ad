using Dramatis.Errors;

namespace Dramatis.Training;

/// <summary>How a stage is trained.</summary>
internal sealed record TrainerOptions
{
    /// <summary>The sum of three gradients would depend on who comes first.</summary>
    public const int MostWorkers = 2;

    public required long Steps { get; init; }

    /// <summary>Pictures a step.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads that share a step's pictures, 1 to <see cref="MostWorkers"/> and no more than the stage can have.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Parts that a worker does one after another, to save memory. <see cref="Workers"/> times this divides <see cref="Batch"/>.</summary>
    public int Accumulation { get; init; } = 1;

    public required double LearningRate { get; init; }

    /// <summary>The factor on the learning rate at a step.</summary>
    public Func<TrainingStep, double> Rate { get; init; } = _ => 1;

    internal AdamWOptions Optimizer { get; init; } = new();

    /// <summary>Gradients longer than this, taken together, are shortened to it.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>How much of the running average of the weights stays at each step, once there are many.</summary>
    public double EmaDecay { get; init; } = .998;

    /// <summary>The longest time between two checkpoints; small ones come sooner.</summary>
    public TimeSpan SaveEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Steps between two evaluations; there is one at the end too.</summary>
    public required long EvaluateEvery { get; init; }

    /// <summary>Two, where there are as many processors and the batch is even.</summary>
    public static int UsualWorkers(int batch) => batch % 2 == 0 ? Math.Min(2, Environment.ProcessorCount) : 1;

    /// <summary>Warm-up to 1 over some steps, constant to the middle, then linear to a last value.</summary>
    public static Func<TrainingStep, double> WarmConstantLinear(long warmUp, double last) => step =>
        Warm(step, warmUp) * (1 - (Math.Max(0, (2 * step.Progress) - 1) * (1 - last)));

    /// <summary>Warm-up to 1 over some steps, then half a cosine to 0.</summary>
    public static Func<TrainingStep, double> WarmCosine(long warmUp) => step =>
        Warm(step, warmUp) * (.5 + (.5 * Math.Cos(Math.PI * step.Progress)));

    /// <exception cref="InvalidRequestException">A number makes no sense, alone or with another.</exception>
    public void Validate()
    {
        Check(Steps >= 1, "pictures", $"{Steps} steps are too few; at least one batch of pictures is needed.");
        Check(Workers is >= 1 and <= MostWorkers, "workers", $"{Workers} is neither 1 nor 2.");
        Check(Accumulation >= 1, "accumulation", $"{Accumulation} is less than 1.");
        Check(Batch >= 1, "batch", $"{Batch} is less than 1.");
        Check(
            Batch % (Workers * Accumulation) == 0,
            "batch",
            $"{Batch} pictures cannot be shared out to {Workers * Accumulation} equal parts (workers times accumulation); take a multiple of that.");
        Check(LearningRate > 0 && double.IsFinite(LearningRate), "rate", $"{LearningRate} is not a positive number.");
        Check(ClipNorm > 0, "clip_norm", $"{ClipNorm} is not a positive number.");
        Check(EmaDecay is >= 0 and < 1, "ema_decay", $"{EmaDecay} is not in [0, 1).");
        Check(EvaluateEvery >= 1, "evaluate_every", $"{EvaluateEvery} steps are less than 1.");

        static void Check(bool isFine, string field, FormattableString problem)
        {
            if (!isFine)
            {
                throw new InvalidRequestException(field, FormattableString.Invariant(problem));
            }
        }
    }

    private static double Warm(TrainingStep step, long warmUp) => Math.Min(1, (step.Index + 1.0) / Math.Max(1, warmUp));
}

/// <summary>Where a training stands: step Index of Count.</summary>
/// <param name="Index">From 0 to Count - 1.</param>
public readonly record struct TrainingStep(long Index, long Count)
{
    /// <summary>How far the training is, from 0 to 1.</summary>
    public double Progress => (double)Index / Count;
}

/// <summary>A worker's share of a step: pictures First to First + Count - 1, counted from the start of the training.</summary>
internal readonly record struct TrainingShare(TrainingStep Step, long First, int Count);
