using Dramatis.Errors;
using Dramatis.Training.Cones;
using Dramatis.Training.Cones2;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.DreamBooth;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;

namespace Dramatis.Training.Learned;

/// <summary>Every method that learns subjects, one a line.</summary>
public static class LearnedMethods
{
    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<LearnedMethod> All { get; } =
    [
        new Cones2Learning(),
        new ConesLearning(),
        new LoraLearning(),
        new TextualInversionLearning(),
        new CustomDiffusionLearning(),
        new DreamBoothLearning(),
    ];

    /// <param name="field">The field of the request that names it.</param>
    /// <exception cref="InvalidRequestException">There is no such method.</exception>
    public static LearnedMethod Find(string name, string field = "method")
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] known = [.. All.Select(method => method.Name)];
        return All.FirstOrDefault(method => method.Name == name) ?? throw new InvalidRequestException(
            field, $"\"{name}\" learns no subjects;{Spelling.DidYouMean(name, known)} there is {string.Join(", ", known)}.");
    }
}
