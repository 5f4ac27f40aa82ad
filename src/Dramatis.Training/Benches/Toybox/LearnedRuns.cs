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

/// <summary>How subjects are learned.</summary>
internal sealed record LearnedRunsOptions
{
    public required LearnedMethod Method { get; init; }

    /// <summary>The request to learn subjects into a folder. A number of steps in it is for each subject; the method's own is for all.</summary>
    public required Func<IReadOnlyList<LearnSubject>, string, LearnRequest> Request { get; init; }

    /// <summary>Stands for that request: what was begun with another is not gone on with.</summary>
    public required string RequestText { get; init; }

    /// <summary>The folder of the base model.</summary>
    public required string Model { get; init; }

    /// <summary>Whether a mask lies beside each picture.</summary>
    public bool HasMasks { get; init; }

    /// <summary>Told of the trainings.</summary>
    public IProgress<TrainingEvent>? Progress { get; init; }
}

/// <summary>The subjects that one method learns, each in a folder of its own: what is there is not learned again.</summary>
internal sealed class LearnedRuns : ISubjectKeeper
{
    private const string References = "references";
    private const string TimeName = "seconds.txt";
    private const string OptionsName = "options.txt";
    private const string Done = "done";
    private const string Damaged = "Remove it, or choose another folder.";
    private const string CaptionsName = "captions.txt";
    private const string Together = "together";

    private static readonly string[] RareWords = ["sks", "ktn", "pll", "ucd", "mbt", "zwx"];

    private readonly string folder;
    private readonly LearnedRunsOptions options;
    private readonly LearnedMethod method;
    private readonly SubjectBank bank;
    private readonly LearnedSubjects subjects;

    /// <param name="folder">Of all the runs.</param>
    /// <param name="seed">Of what is shown of subjects.</param>
    /// <exception cref="InvalidRequestException">What is there was learned with other options.</exception>
    public LearnedRuns(string folder, LearnedRunsOptions options, SubjectBank bank, ulong seed)
    {
        this.folder = folder;
        this.options = options;
        this.bank = bank;
        method = options.Method;
        subjects = new(bank, seed, SceneOptions.ForModel(options.Model));
        OutputFolder.Create(folder);
        var path = Path.Combine(folder, OptionsName);
        var asked = string.Create(CultureInfo.InvariantCulture, $"{options.RequestText} (seed {seed}{(options.HasMasks ? ", masks" : "")})");
        if (!File.Exists(path))
        {
            Write(path, asked);
        }
        else if (DataFile.Text(path, Damaged) is var before && before != asked)
        {
            throw new InvalidRequestException("--output", $"{folder} was begun with \"{before}\"; give the same, or another folder.");
        }
    }

    public string Name => method.Name;

    public bool IsModel => method.Together is LearnedTogether.OneModel;

    public bool SharesWeights => method.Together is LearnedTogether.Merged;

    /// <summary>Learns subjects into one folder, or goes on with it: one, or all of a picture by a method that leaves a model.</summary>
    public void Learn(IReadOnlyList<int> cast, CancellationToken cancellationToken)
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
            var asked = options.Request([.. sorted.Select((subject, i) => Named(subject, cast.Count == 1 ? null : RareWords[i]))], own);
            Learning.Run(asked with { Steps = cast.Count * asked.Steps }, options.Progress, cancellationToken);
            ending = Done;
        }
        finally
        {
            OutputFolder.Create(own);
            Write(TimeOf(cast), string.Create(CultureInfo.InvariantCulture, $"{SecondsOf(cast) + watch.Elapsed.TotalSeconds:0.0}\n{ending}"));
        }
    }

    /// <summary>Makes one of subjects that were learned apart, where they have to be one to be painted together, unless that is there.</summary>
    public void Merge(IReadOnlyList<int> cast, CancellationToken cancellationToken)
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
                Model = options.Model,
                Subjects = [.. cast.Select((subject, i) => new MergeSubject(ModelOf([subject]), bank.Subjects[subject].Name, WordOf(i)))],
                Captions = captions,
                Output = TogetherOf(cast),
            },
            cancellationToken);
        Write(done, "");
    }

    public LearnedPainting Painted(IReadOnlyList<int> cast, int index, string kind)
    {
        var subject = cast[index];
        if (IsMerged(cast))
        {
            return method.Painted(TogetherOf(cast), kind, $"{WordOf(index)} {kind}");
        }

        var own = ModelOf(IsModel ? cast : [subject]);
        return method.Painted(
            own,
            kind,
            IsModel && cast.Count > 1 ? $"{RareWords[cast.Count(other => other < subject)]} {bank.Subjects[subject].Name}" : method.PhraseIn(own));
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

    public void Dispose()
    {
    }

    /// <summary>The subjects of an order.</summary>
    public static IReadOnlyList<int> CastOf(ToyboxOrder order) => [.. order.Subjects.Select(subject => subject.Subject)];

    private bool IsMerged(IReadOnlyList<int> cast) => SharesWeights && cast.Count > 1;

    private bool IsLearned(IReadOnlyList<int> cast) => File.Exists(TimeOf(cast)) && Lines(TimeOf(cast))[^1] == Done;

    private static string[] Lines(string path) => DataFile.Text(path, Damaged).TrimEnd().Split('\n');

    // What merged subjects are called, by their number.
    private static string WordOf(int number) => string.Create(CultureInfo.InvariantCulture, $"<new{number + 1}>");

    // One subject has the method's own word.
    private LearnSubject Named(int subject, string? word)
    {
        var references = Path.Combine(Of([subject]), References);
        OutputFolder.Create(references);
        foreach (var (i, (picture, mask)) in subjects.Show(subject).Index())
        {
            PictureWriter.WritePng(Path.Combine(references, string.Create(CultureInfo.InvariantCulture, $"{i}.png")), picture);
            if (options.HasMasks)
            {
                PictureWriter.WritePng(Path.Combine(references, string.Create(CultureInfo.InvariantCulture, $"{i}.mask.png")), mask);
            }
        }

        return new() { Kind = bank.Subjects[subject].Name, References = [Reference.FromFile(references)], Word = word };
    }

    // What merging has left, or the folder of subjects that were learned together.
    private string TogetherOf(IReadOnlyList<int> cast)
    {
        var names = IsModel ? cast.Order() : cast.AsEnumerable();
        return Path.Combine(folder, Together, string.Join('-', names.Select(subject => bank.Subjects[subject].Code)));
    }

    private string ModelOf(IReadOnlyList<int> cast) => Path.Combine(Of(cast), Trainer.ModelFolder);

    private string Of(IReadOnlyList<int> cast) => cast is [var subject] ? Path.Combine(folder, bank.Subjects[subject].Code) : TogetherOf(cast);

    private string TimeOf(IReadOnlyList<int> cast) => Path.Combine(Of(cast), TimeName);

    private static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
