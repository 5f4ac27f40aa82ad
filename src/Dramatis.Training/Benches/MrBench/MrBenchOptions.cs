using Dramatis.Pictures;

namespace Dramatis.Benches.MrBench;

/// <summary>How the bench's groups are painted.</summary>
internal sealed record MrBenchOptions
{
    /// <summary>Folder for pictures and scores; pictures that are there are not painted again. Methods share it.</summary>
    public required string Output { get; init; }

    /// <summary>What keeps the group; null: the model's own.</summary>
    public string? Method { get; init; }

    /// <summary>Folder with a file of each group, by its id, that was learned from its references; null: references are shown.</summary>
    public string? Learned { get; init; }

    /// <summary>What rows of the table call it.</summary>
    public required string Label { get; init; }

    /// <summary>How many references are shown, at most, measured one after another.</summary>
    public IReadOnlyList<int> References { get; init; } = [int.MaxValue];

    /// <summary>Pictures of a group.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>References are shown in an order of each sample's own, instead of that of the file.</summary>
    public bool Shuffle { get; init; }

    public double Strength { get; init; } = 1;

    public int? Steps { get; init; }

    public double? Guidance { get; init; }

    /// <summary>Null: the model's own.</summary>
    public PixelSize? Size { get; init; }
}

/// <summary>A painted picture and what it scored.</summary>
/// <param name="References">How many were shown.</param>
/// <param name="File">In the output folder.</param>
internal sealed record MrRow(
    string Method, string GroupId, string Topic, string Split, int References, string Prompt, string File, MrScores Scores, MrSeconds? Seconds)
{
    /// <summary>Files of the references.</summary>
    public IReadOnlyList<string> Shown { get; init; } = [];

    /// <summary>File of the target.</summary>
    public string Target { get; init; } = "";

    /// <summary>See <see cref="GroupJudge"/>; null where it was not asked.</summary>
    public GroupVerdict? Verdict { get; init; }

    /// <summary>The same of the target, which no painter can be expected to beat.</summary>
    public GroupVerdict? TargetVerdict { get; init; }
}

/// <summary>What a picture took.</summary>
/// <param name="Before">Until sampling begins: references and text are read.</param>
/// <param name="Steps">Of all sampling steps.</param>
/// <param name="After">Decoding.</param>
/// <param name="PeakBytes">The most memory that the process has had.</param>
internal sealed record MrSeconds(double Before, double Steps, double After, long PeakBytes)
{
    /// <summary>From the times at which steps were done; the first step is taken to last as the others do.</summary>
    public static MrSeconds Of(IReadOnlyList<double> steps, double all, long peak)
    {
        var one = steps.Count > 1 ? (steps[^1] - steps[0]) / (steps.Count - 1) : 0;
        return steps.Count == 0 ? new(0, 0, all, peak) : new(Math.Max(0, steps[0] - one), steps[^1] - Math.Max(0, steps[0] - one), all - steps[^1], peak);
    }
}
