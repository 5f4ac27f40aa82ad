using System.Diagnostics;
using System.Globalization;
using Dramatis.Benches.Toybox;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Training;
using Dramatis.Training.Toybox;

namespace Dramatis.Cli;

/// <summary>The subjects that one method learns, each in a folder of its own: what is there is not learned again.</summary>
internal sealed class LearnedRuns(string folder, LearnedMethod method, SubjectBank bank, LearnedSubjects subjects)
{
    private const string References = "references";
    private const string TimeName = "seconds.txt";
    private const string OptionsName = "options.txt";
    private const string Done = "done";
    private const string CaptionsName = "captions.txt";
    private const string Together = "together";

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

    /// <summary>Learns a subject, or goes on with it.</summary>
    /// <param name="train">Runs a command of <c>dramatis</c>.</param>
    /// <param name="options">Of the training.</param>
    public async Task LearnAsync(
        int subject, Func<string[], CancellationToken, Task> train, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        if (IsLearned(subject))
        {
            return;
        }

        var references = Path.Combine(Of(subject), References);
        OutputFolder.Create(references);
        foreach (var (i, picture) in subjects.Show(subject).Index())
        {
            PictureWriter.WritePng(Path.Combine(references, string.Create(CultureInfo.InvariantCulture, $"{i}.png")), picture);
        }

        var watch = Stopwatch.StartNew();
        var ending = "";
        try
        {
            await train(
                ["train", method.Name, "--subject", bank.Subjects[subject].Name, "--references", references, "-o", Of(subject), .. options], cancellationToken);
            ending = Done;
        }
        finally
        {
            Write(TimeOf(subject), string.Create(CultureInfo.InvariantCulture, $"{SecondsOf(subject) + watch.Elapsed.TotalSeconds:0.0}\n{ending}"));
        }
    }

    /// <summary>Makes one of subjects that were learned apart, where they have to be one to be painted together, unless that is there.</summary>
    /// <param name="merge">Runs a command of <c>dramatis</c>.</param>
    /// <param name="model">The folder of the base model.</param>
    public async Task MergeAsync(IReadOnlyList<int> cast, Func<string[], CancellationToken, Task> merge, string model, CancellationToken cancellationToken)
    {
        var done = Path.Combine(MergedOf(cast), Done);
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
                .. cast.Select(subject => $"{ModelOf(subject)}={bank.Subjects[subject].Name}"),
                .. cast.Index().SelectMany(item => new[] { "--word", WordOf(item.Index) }),
                "--captions", captions, "--model", model, "-o", MergedOf(cast),
            ],
            cancellationToken);
        Write(done, "");
    }

    /// <summary>Whether subjects are painted together from what <see cref="MergeAsync"/> has left.</summary>
    public bool IsMerged(IReadOnlyList<int> cast) => method.SharedName is not null && cast.Count > 1;

    /// <summary>What merged subjects are called, by their number.</summary>
    public static string WordOf(int number) => string.Create(CultureInfo.InvariantCulture, $"<new{number + 1}>");

    /// <summary>What <see cref="MergeAsync"/> has left.</summary>
    public string MergedOf(IReadOnlyList<int> cast) => Path.Combine(folder, Together, string.Join('-', cast.Select(subject => bank.Subjects[subject].Code)));

    /// <summary>What the training has left.</summary>
    public string ModelOf(int subject) => Path.Combine(Of(subject), Trainer.ModelFolder);

    /// <summary>How long it took to learn a subject, stops left out.</summary>
    public double SecondsOf(int subject) => File.Exists(TimeOf(subject))
        ? double.Parse(File.ReadLines(TimeOf(subject)).First(), CultureInfo.InvariantCulture)
        : 0;

    /// <summary>What a subject takes: all of the model folder but the record for people.</summary>
    public long BytesOf(int subject) => new DirectoryInfo(ModelOf(subject))
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Extension != ".json")
        .Sum(file => file.Length);

    private bool IsLearned(int subject) => File.Exists(TimeOf(subject)) && File.ReadLines(TimeOf(subject)).Last() == Done;

    private string Of(int subject) => Path.Combine(folder, bank.Subjects[subject].Code);

    private string TimeOf(int subject) => Path.Combine(Of(subject), TimeName);

    private static void Write(string path, string text) => AtomicFile.Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
