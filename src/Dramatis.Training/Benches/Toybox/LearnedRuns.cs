using System.Diagnostics;
using System.Globalization;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Benches.Toybox;

/// <summary>The subjects that one method learns, each in a folder of its own: what is there is not learned again.</summary>
internal sealed class LearnedRuns(string folder, LearnedMethod method, SubjectBank bank, LearnedSubjects subjects)
{
    private const string References = "references";
    private const string TimeName = "seconds.txt";
    private const string OptionsName = "options.txt";
    private const string Done = "done";
    private const string Damaged = "Remove it, or choose another folder.";
    private const string CaptionsName = "captions.txt";
    private const string Together = "together";

    private static readonly string[] RareWords = ["sks", "ktn", "pll", "ucd", "mbt", "zwx"];

    /// <summary>Makes sure that what is there was learned alike.</summary>
    /// <param name="field">What an error names.</param>
    /// <exception cref="InvalidRequestException">It was learned with other options.</exception>
    public void Begin(string options, string field)
    {
        OutputFolder.Create(folder);
        var path = Path.Combine(folder, OptionsName);
        if (!File.Exists(path))
        {
            Write(path, options);
        }
        else if (DataFile.Text(path, Damaged) is var before && before != options)
        {
            throw new InvalidRequestException(field, $"{folder} was begun with \"{before}\"; give the same, or another folder.");
        }
    }

    /// <summary>Learns subjects into one folder, or goes on with it: one, or all of a picture by a method that leaves a model.</summary>
    /// <param name="request">For subjects and a folder. A number of steps is for each subject; the method's own is for all.</param>
    public void Learn(
        IReadOnlyList<int> cast,
        Func<IReadOnlyList<LearnSubject>, string, LearnRequest> request,
        IProgress<TrainingEvent>? progress,
        CancellationToken cancellationToken)
    {
        if (IsLearned(cast))
        {
            return;
        }

        int[] sorted = [.. cast.Order()];
        var own = Of(cast);
        var watch = Stopwatch.StartNew();
        var ending = "";
        try
        {
            var asked = request([.. sorted.Select((subject, i) => Named(subject, cast.Count == 1 ? null : RareWords[i]))], own);
            Learning.Run(asked with { Steps = cast.Count * asked.Steps }, progress, cancellationToken);
            ending = Done;
        }
        finally
        {
            OutputFolder.Create(own);
            Write(TimeOf(cast), string.Create(CultureInfo.InvariantCulture, $"{SecondsOf(cast) + watch.Elapsed.TotalSeconds:0.0}\n{ending}"));
        }
    }

    /// <summary>Makes one of subjects that were learned apart, where they have to be one to be painted together, unless that is there.</summary>
    /// <param name="model">The folder of the base model.</param>
    public void Merge(IReadOnlyList<int> cast, string model, CancellationToken cancellationToken)
    {
        var done = Path.Combine(TogetherOf(cast), Done);
        if (!IsMerged(cast) || File.Exists(done))
        {
            return;
        }

        var captions = Path.Combine(folder, CaptionsName);
        if (!File.Exists(captions))
        {
            Write(captions, string.Join('\n', subjects.CaptionsOfOthers()));
        }

        method.Merge(
            new()
            {
                Model = model,
                Subjects = [.. cast.Select((subject, i) => new MergeSubject(ModelOf([subject]), bank.Subjects[subject].Name, WordOf(i)))],
                Captions = captions,
                Output = TogetherOf(cast),
            },
            cancellationToken);
        Write(done, "");
    }

    /// <summary>How a subject of a cast is painted.</summary>
    /// <param name="index">Its number in the cast.</param>
    /// <param name="kind">What the prompt calls it.</param>
    public LearnedPainting Painted(IReadOnlyList<int> cast, int index, string kind)
    {
        var subject = cast[index];
        if (IsMerged(cast))
        {
            return method.Painted(TogetherOf(cast), kind, $"{WordOf(index)} {kind}");
        }

        var isModel = method.Together is LearnedTogether.OneModel;
        var own = ModelOf(isModel ? cast : [subject]);
        return method.Painted(
            own,
            kind,
            isModel && cast.Count > 1 ? $"{RareWords[cast.Count(other => other < subject)]} {bank.Subjects[subject].Name}" : method.PhraseIn(own));
    }

    /// <summary>How long it took to learn, stops left out.</summary>
    public double SecondsOf(IReadOnlyList<int> cast) => !File.Exists(TimeOf(cast)) ? 0
        : double.TryParse(Lines(TimeOf(cast))[0], CultureInfo.InvariantCulture, out var seconds) ? seconds
        : throw new InvalidDataSetException(TimeOf(cast), $"its first line is no number of seconds. {Damaged}");

    /// <summary>What is stored: all of the model folder but the record for people.</summary>
    public long BytesOf(IReadOnlyList<int> cast) => new DirectoryInfo(ModelOf(cast))
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Extension != ".json")
        .Sum(file => file.Length);

    /// <summary>The subjects of an order.</summary>
    public static IReadOnlyList<int> CastOf(ToyboxOrder order) => [.. order.Subjects.Select(subject => subject.Subject)];

    private bool IsMerged(IReadOnlyList<int> cast) => method.Together is LearnedTogether.Merged && cast.Count > 1;

    private bool IsLearned(IReadOnlyList<int> cast) => File.Exists(TimeOf(cast)) && Lines(TimeOf(cast))[^1] == Done;

    private static string[] Lines(string path) => DataFile.Text(path, Damaged).TrimEnd().Split('\n');

    // What merged subjects are called, by their number.
    private static string WordOf(int number) => string.Create(CultureInfo.InvariantCulture, $"<new{number + 1}>");

    // One subject has the method's own word.
    private LearnSubject Named(int subject, string? word)
    {
        var references = Path.Combine(Of([subject]), References);
        OutputFolder.Create(references);
        foreach (var (i, picture) in subjects.Show(subject).Index())
        {
            PictureWriter.WritePng(Path.Combine(references, string.Create(CultureInfo.InvariantCulture, $"{i}.png")), picture);
        }

        return new() { Kind = bank.Subjects[subject].Name, References = [Reference.FromFile(references)], Word = word };
    }

    // What merging has left, or the folder of subjects that were learned together.
    private string TogetherOf(IReadOnlyList<int> cast)
    {
        var names = method.Together is LearnedTogether.OneModel ? cast.Order() : cast.AsEnumerable();
        return Path.Combine(folder, Together, string.Join('-', names.Select(subject => bank.Subjects[subject].Code)));
    }

    private string ModelOf(IReadOnlyList<int> cast) => Path.Combine(Of(cast), Trainer.ModelFolder);

    private string Of(IReadOnlyList<int> cast) => cast is [var subject] ? Path.Combine(folder, bank.Subjects[subject].Code) : TogetherOf(cast);

    private string TimeOf(IReadOnlyList<int> cast) => Path.Combine(Of(cast), TimeName);

    private static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
