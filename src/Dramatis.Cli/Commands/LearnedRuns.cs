using System.Diagnostics;
using System.Globalization;
using Dramatis.Benches.Toybox;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Toybox;
using Dramatis.Training;

namespace Dramatis.Cli.Commands;

/// <summary>The subjects that one method learns, each in a folder of its own: what is there is not learned again.</summary>
internal sealed class LearnedRuns(string folder, LearnedMethod method, SubjectBank bank, LearnedSubjects subjects)
{
    private const string References = "references";
    private const string TimeName = "seconds.txt";
    private const string OptionsName = "options.txt";
    private const string Done = "done";
    private const string CaptionsName = "captions.txt";
    private const string Together = "together";

    private static readonly string[] RareWords = ["sks", "ktn", "pll", "ucd", "mbt", "zwx"];

    /// <summary>Makes sure that what is there was learned alike.</summary>
    /// <exception cref="InvalidRequestException">It was learned with other options.</exception>
    public void Begin(string options)
    {
        OutputFolder.Create(folder);
        var path = Path.Combine(folder, OptionsName);
        if (!File.Exists(path))
        {
            Write(path, options);
        }
        else if (File.ReadAllText(path) is var before && before != options)
        {
            throw new InvalidRequestException("--output", $"{folder} was begun with \"{before}\"; give the same, or another folder.");
        }
    }

    /// <summary>Learns subjects into one folder, or goes on with it: one, or all of a picture by a method that leaves a model.</summary>
    /// <param name="train">Runs a command of <c>dramatis</c>.</param>
    /// <param name="options">Of the training. A number after <c>--steps</c> is for each subject; the default of the training is for all.</param>
    public async Task LearnAsync(
        IReadOnlyList<int> cast, Func<string[], CancellationToken, Task> train, IReadOnlyList<string> options, CancellationToken cancellationToken)
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
            await train(["train", method.Name, .. sorted.SelectMany(Named), .. Words(cast.Count), "-o", own, .. Options(options, cast.Count)], cancellationToken);
            ending = Done;
        }
        finally
        {
            OutputFolder.Create(own);
            Write(TimeOf(cast), string.Create(CultureInfo.InvariantCulture, $"{SecondsOf(cast) + watch.Elapsed.TotalSeconds:0.0}\n{ending}"));
        }
    }

    /// <summary>Makes one of subjects that were learned apart, where they have to be one to be painted together, unless that is there.</summary>
    /// <param name="merge">Runs a command of <c>dramatis</c>.</param>
    /// <param name="model">The folder of the base model.</param>
    public async Task MergeAsync(IReadOnlyList<int> cast, Func<string[], CancellationToken, Task> merge, string model, CancellationToken cancellationToken)
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

        await merge(
            [
                "merge", method.Name,
                .. cast.Select(subject => $"{ModelOf([subject])}={bank.Subjects[subject].Name}"),
                .. cast.Index().SelectMany(item => new[] { "--word", WordOf(item.Index) }),
                "--captions", captions, "--model", model, "-o", TogetherOf(cast),
            ],
            cancellationToken);
        Write(done, "");
    }

    /// <summary>Whether subjects are painted together from what <see cref="MergeAsync"/> has left.</summary>
    public bool IsMerged(IReadOnlyList<int> cast) => method.SharedName is not null && cast.Count > 1;

    /// <summary>What merged subjects are called, by their number.</summary>
    public static string WordOf(int number) => string.Create(CultureInfo.InvariantCulture, $"<new{number + 1}>");

    /// <summary>What <see cref="MergeAsync"/> has left, or the folder of subjects that were learned together.</summary>
    public string TogetherOf(IReadOnlyList<int> cast)
    {
        var names = method.IsModel ? cast.Order() : cast.AsEnumerable();
        return Path.Combine(folder, Together, string.Join('-', names.Select(subject => bank.Subjects[subject].Code)));
    }

    /// <summary>What the training has left.</summary>
    public string ModelOf(IReadOnlyList<int> cast) => Path.Combine(Of(cast), Trainer.ModelFolder);

    /// <summary>How long it took to learn, stops left out.</summary>
    public double SecondsOf(IReadOnlyList<int> cast) => File.Exists(TimeOf(cast))
        ? double.Parse(File.ReadLines(TimeOf(cast)).First(), CultureInfo.InvariantCulture)
        : 0;

    /// <summary>What is stored: all of the model folder but the record for people.</summary>
    public long BytesOf(IReadOnlyList<int> cast) => new DirectoryInfo(ModelOf(cast))
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Extension != ".json")
        .Sum(file => file.Length);

    /// <summary>What prompts call subjects that were learned together.</summary>
    public IReadOnlyList<string> PhrasesOf(IReadOnlyList<int> cast)
    {
        var words = cast.Order().Zip(RareWords).ToDictionary();
        return [.. cast.Select(subject => $"{words[subject]} {bank.Subjects[subject].Name}")];
    }

    /// <summary>The subjects of an order.</summary>
    public static IReadOnlyList<int> CastOf(ToyboxOrder order) => [.. order.Subjects.Select(subject => subject.Subject)];

    private bool IsLearned(IReadOnlyList<int> cast) => File.Exists(TimeOf(cast)) && File.ReadLines(TimeOf(cast)).Last() == Done;

    private string[] Named(int subject)
    {
        var references = Path.Combine(Of([subject]), References);
        OutputFolder.Create(references);
        foreach (var (i, picture) in subjects.Show(subject).Index())
        {
            PictureWriter.WritePng(Path.Combine(references, string.Create(CultureInfo.InvariantCulture, $"{i}.png")), picture);
        }

        return ["--subject", bank.Subjects[subject].Name, "--references", references];
    }

    // One subject has the method's own word.
    private static IEnumerable<string> Words(int count) => count == 1
        ? []
        : RareWords.Take(count).SelectMany(word => new[] { "--word", word });

    private static IEnumerable<string> Options(IReadOnlyList<string> options, int count) => options.Select((option, i) =>
        i > 0 && options[i - 1] == "--steps" && int.TryParse(option, CultureInfo.InvariantCulture, out var steps)
            ? (count * steps).ToString(CultureInfo.InvariantCulture)
            : option);

    private string Of(IReadOnlyList<int> cast) => cast is [var subject] ? Path.Combine(folder, bank.Subjects[subject].Code) : TogetherOf(cast);

    private string TimeOf(IReadOnlyList<int> cast) => Path.Combine(Of(cast), TimeName);

    private static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
