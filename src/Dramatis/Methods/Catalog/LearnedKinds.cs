using System.Diagnostics;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Methods.Catalog;

/// <summary>Tells apart what was learned of a subject.</summary>
internal static class LearnedKinds
{
    /// <param name="field">The subject's, for example <c>subjects[1]</c>.</param>
    /// <exception cref="InvalidCheckpointException">A file is missing, damaged, or nothing that is learned of a subject.</exception>
    /// <exception cref="InvalidRequestException">Two files are its residual, or its word.</exception>
    public static LearnedParts PartsOf(Subject subject, string field)
    {
        var files = subject.Learned.Select(file => (file.Path, Kind: file.Kind == LearnedKind.AsTheFileSays ? KindOf(file.Path, subject) : file.Kind))
            .ToLookup(file => file.Kind, file => file.Path);
        return new()
        {
            Residual = Only(LearnedKind.Residual, "residuals"),
            Word = Words(),
            Weights = [.. files[LearnedKind.AsTheFileSays]],
        };

        string? Only(LearnedKind kind, string name) => files[kind].Count() <= 1 ? files[kind].SingleOrDefault() : throw TooMany(kind, name);

        // A word may have a file for each text encoder, which are of different widths.
        IReadOnlyList<string> Words()
        {
            string[] words = [.. files[LearnedKind.Embedding]];
            if (words.GroupBy(word => word).FirstOrDefault(word => word.Count() > 1) is { } twice)
            {
                throw new InvalidRequestException($"{field}.learned", $"has {twice.Key} twice; leave one out.");
            }

            return words.Length < 2 || words.SelectMany(PatchFiles.WidthsOf).GroupBy(width => width).All(width => width.Count() == 1)
                ? words
                : throw TooMany(LearnedKind.Embedding, "learned words");
        }

        InvalidRequestException TooMany(LearnedKind kind, string name) => new(
            $"{field}.learned", $"has {files[kind].Count()} {name}, {string.Join(" and ", files[kind])}; a subject has one.");
    }

    // Weights cannot be taken for anything else.
    private static LearnedKind KindOf(string path, Subject subject) => PatchFiles.TypeOf(path) switch
    {
        CheckpointType.Residual => LearnedKind.Residual,
        CheckpointType.LearnedWord => LearnedKind.Embedding,
        CheckpointType.LearnedRows => subject.Method is { } method && MethodCatalog.Find(method).Needs == SubjectNeeds.LearnedFile
            ? LearnedKind.Residual
            : LearnedKind.Embedding,
        CheckpointType.Lora or CheckpointType.CustomDiffusion or CheckpointType.ConceptNeurons => LearnedKind.AsTheFileSays,
        var other => throw new UnreachableException($"{other} changes a model, and nobody says how."),
    };
}
