using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Methods.Catalog;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Weights;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>Concepts of Custom Diffusion as trainings leave them: layers in one file, their word there or in a file beside it.</summary>
internal static class ConceptFiles
{
    private const long LongestCaptions = 1 << 26;

    /// <summary>Reads what was learned of one subject.</summary>
    /// <param name="path">The file of the layers, or the folder that a training has written.</param>
    /// <param name="category">What it is one of, for example <c>cat</c>.</param>
    /// <param name="word">What it is called from now on; null: as it was learned.</param>
    /// <exception cref="InvalidCheckpointException">A file is missing, damaged or of another kind, or there are several words.</exception>
    /// <exception cref="WeightMismatchException">It is for another model.</exception>
    public static LearnedConcept Read(string path, IPatchable model, string category, string? word = null)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, CustomDiffusionFile.FileName) : path;
        var patches = new List<WeightPatch>();
        try
        {
            patches.Add(CustomDiffusionFile.Read(file, model));
            if (patches[0].Words.Count == 0)
            {
                patches.AddRange(WordsBeside(file).Select(other => PatchFiles.Read(other, model)));
            }

            string[] words = [.. patches.SelectMany(patch => patch.Words)];
            return words.Length > 1
                ? throw new InvalidCheckpointException(
                    file, $"has {words.Length} words with it, {string.Join(" and ", words)}, but only subjects that were learned one by one can be merged; "
                        + "give each a folder of its own.")
                : word is not null && words.Length == 0
                ? throw new InvalidCheckpointException(
                    file, $"has no word with it that could be called \"{word}\"; put the word's file beside it, or name none.")
                : Named(new(new(file, [.. patches.SelectMany(patch => patch.Changes)]), category));
        }
        catch
        {
            patches.ForEach(patch => patch.Dispose());
            throw;
        }

        LearnedConcept Named(LearnedConcept concept) => word is null ? concept : concept.Called(word);
    }

    /// <summary>Captions, one a line, for <see cref="CustomDiffusionMerge"/>.</summary>
    /// <exception cref="InvalidDataSetException">The file is missing or no text.</exception>
    public static IReadOnlyList<string> ReadCaptions(string path)
    {
        try
        {
            return TextFile.Read(path, LongestCaptions, "a file of captions")
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var problem = e is InvalidDataException ? e.Message : FileProblem.Of(path, e);
            throw new InvalidDataSetException(path, $"{problem} Give a text file with a caption on each line.", e);
        }
    }

    private static IEnumerable<string> WordsBeside(string file) => VisibleFiles
        .In(Path.GetDirectoryName(Path.GetFullPath(file))!, $"*{Path.GetExtension(file)}")
        .Where(other => Path.GetFileName(other) != Path.GetFileName(file) && PatchFiles.IsWord(other));
}
