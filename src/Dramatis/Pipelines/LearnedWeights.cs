using Dramatis.Methods.Catalog;
using Dramatis.Methods.TextualInversion;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>The learned files of requests, on the model's weights and in its tokenizers. Those of the last request stay there.</summary>
internal sealed class LearnedWeights(BaseModel model) : IDisposable
{
    private readonly PatchedWeights patched = new(model);
    private readonly Dictionary<StampedFile, WeightPatch> patches = [];
    private (IReadOnlyList<WeightPatch> Methods, (StampedFile File, double Scale)[] Files) worn = ([], []);

    /// <summary>Makes the model what a job wants it to be: with its files, and with no others.</summary>
    /// <param name="methods">What the job's methods make of it, borrowed: they come first.</param>
    /// <exception cref="Errors.InvalidCheckpointException">A file is missing, damaged or of no known kind, or two bring the same word.</exception>
    /// <exception cref="Errors.WeightMismatchException">A file is for another base model; the model is as it was loaded.</exception>
    public void Wear(PaintingJob job, IReadOnlyList<WeightPatch> methods)
    {
        if (model.Worn != patched)
        {
            model.Worn?.Remove();    // another painter's
            (model.Worn, worn) = (patched, ([], []));
        }

        (StampedFile File, double Scale)[] wanted = [.. Wanted(job).Where(item => item.Scale != 0)];
        if (wanted.SequenceEqual(worn.Files) && methods.SequenceEqual(worn.Methods))
        {
            return;
        }

        worn = ([], []);
        patched.Remove();
        foreach (var (file, patch) in patches.Where(item => !wanted.Any(other => other.File == item.Key)).ToArray())
        {
            patch.Dispose();
            patches.Remove(file);
        }

        patched.Apply(
        [
            .. methods.Select(patch => new ScaledPatch(patch)), .. wanted.Select(item => new ScaledPatch(Load(item.File), item.Scale)),
        ]);
        worn = (methods, wanted);
    }

    /// <summary>Tells what prompts call words whose files name none.</summary>
    public void Tell(PaintingJob job, Action<string, string>? notice)
    {
        foreach (var (i, lora) in job.Request.Loras.Index().Where(item => item.Item.Scale != 0))
        {
            if (Load(StampedFile.Of(lora.File)).NameOfFile is { } name)
            {
                notice?.Invoke($"loras[{i}]", $"{lora.File} does not say which word it is: prompts call it \"{name}\", as the file is called.");
            }
        }
    }

    /// <summary>What each of a worn job's files for the whole picture changes; null for those that do not act.</summary>
    public IReadOnlyList<WeightPatch?> Worn(PaintingJob job) =>
        [.. job.Request.Loras.Select(lora => lora.Scale == 0 ? null : patches.GetValueOrDefault(StampedFile.Of(lora.File)))];

    /// <summary>The prompt with the learned words of subjects instead of their phrases.</summary>
    public static PromptText Name(IReadOnlyList<JobSubject> subjects, PromptText prompt) =>
        prompt.With(i => subjects[i] is { Learned.Word.Count: > 0, Subject.Strength: > 0 } ? WordOf(i) : null);

    public void Dispose()
    {
        patched.Dispose();
        foreach (var patch in patches.Values)
        {
            patch.Dispose();
        }
    }

    private static IEnumerable<(StampedFile File, double Scale)> Wanted(PaintingJob job) =>
    [
        .. job.Subjects.Index().SelectMany(item => item.Item.Learned.Word
            .Select(file => (StampedFile.Of(file, (WordOf(item.Index), item.Item.Subject.Phrase)), item.Item.Subject.Strength))),
        .. job.Subjects.SelectMany(item => item.Learned.Weights.Select(file => (StampedFile.Of(file), item.Subject.Strength))),
        .. job.Request.Loras.Select(lora => (StampedFile.Of(lora.File), lora.Scale)),
    ];

    // Two subjects may have the same phrase, and words may be parts of others: each gets a name that no text has.
    private static string WordOf(int subject) => $"<subject-{subject}>";

    private WeightPatch Load(StampedFile file)
    {
        if (!patches.TryGetValue(file, out var patch))
        {
            patch = file.Word is var (name, phrase) ? EmbeddingFile.Read(file.Path, model, name, phrase) : PatchFiles.Read(file.Path, model);
            patches.Add(file, patch);
        }

        return patch;
    }

    // A file that was written anew is another one.
    private readonly record struct StampedFile(string Path, (string Name, string Phrase)? Word, DateTime Written)
    {
        public static StampedFile Of(string path, (string Name, string Phrase)? word = null) => new(path, word, File.GetLastWriteTimeUtc(path));
    }
}
