using Dramatis.Errors;

namespace Dramatis.Schedules;

/// <summary>What networks predict, as requests, settings and files name it.</summary>
public static class PredictionNames
{
    private static readonly (string Name, Prediction Meaning)[] Names =
        [("epsilon", Prediction.Epsilon), ("v_prediction", Prediction.Velocity), ("sample", Prediction.Sample)];

    // As other programs write it, in files that they have trained or merged.
    private static readonly (string Name, Prediction Meaning)[] Others =
    [
        ("eps", Prediction.Epsilon), ("noise", Prediction.Epsilon), ("v", Prediction.Velocity), ("v_pred", Prediction.Velocity), ("vpred", Prediction.Velocity),
        ("vprediction", Prediction.Velocity), ("velocity", Prediction.Velocity), ("x0", Prediction.Sample),
    ];

    /// <summary>The names that requests may use: the noise, the velocity, or the clean latents.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(item => item.Name)];

    /// <exception cref="InvalidRequestException">There is no such prediction.</exception>
    internal static Prediction Parse(string name) => Array.Find(Names, item => item.Name == name) is { Name: not null } found
        ? found.Meaning
        : throw InvalidRequestException.Unknown("prediction", name, All);

    /// <summary>The name in requests and settings.</summary>
    internal static string NameOf(Prediction prediction) => Names.First(item => item.Meaning == prediction).Name;

    /// <summary>What a file means in whatever spelling; null for a word that is none.</summary>
    internal static Prediction? Find(string word)
    {
        var spelled = word.Trim().ToLowerInvariant().Replace('-', '_');
        return Names.Concat(Others).FirstOrDefault(item => item.Name == spelled) is { Name: not null } found ? found.Meaning : null;
    }
}
