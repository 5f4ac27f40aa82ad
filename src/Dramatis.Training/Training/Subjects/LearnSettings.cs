namespace Dramatis.Training.Subjects;

/// <summary>What one method alone lets choose of its learning: each has a record of its own.</summary>
public abstract record LearnSettings;

/// <summary>How long a method usually learns, and from how much.</summary>
/// <param name="Batch">Pictures a step.</param>
/// <param name="Prior">Pictures of others of a kind; null for a method that has no use for them.</param>
public sealed record LearnDefaults(long Steps, double LearningRate, int Batch = 1, int? Prior = null);

/// <summary>One of a method's settings, as command lines and pages have it.</summary>
/// <param name="Field">As the JSON spells it, for example <c>text_encoder</c>.</param>
/// <param name="Help">One line.</param>
public sealed record LearnSetting(string Field, string Help)
{
    /// <summary>What its numbers must keep to, where that is known without the model.</summary>
    public NumberRule? Rule { get; init; }

    /// <summary>Of its value.</summary>
    public Type Type { get; internal init; } = typeof(string);

    /// <summary>Its value when nothing is said.</summary>
    public object? Usual { get; internal init; }
}

/// <summary>What numbers must keep to.</summary>
/// <param name="Text">Follows the name of what has the number: <c>takes a number above 0</c>.</param>
public sealed record NumberRule(Predicate<double> Holds, string Text)
{
    /// <summary>0 or above, and finite.</summary>
    public static NumberRule NotNegative { get; } = new(value => value is >= 0 and < double.PositiveInfinity, "takes a number that is not negative");

    internal static NumberRule Above(double number) => new(value => value > number, $"takes a number above {number}");
}
