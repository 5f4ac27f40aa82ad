using System.Diagnostics;
using System.Globalization;
using Dramatis.Benches.Speed;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Benches.MrBench;

/// <summary>Paints each group's prompt with its references, and scores how near the pictures come.</summary>
/// <param name="paint">Paints a request, and tells of its steps.</param>
/// <param name="judge">Says whether a picture has what its group shares; null leaves that out.</param>
internal sealed class MrBenchRun(MrBenchOptions options, MrEncoders encoders, Func<GenerationRequest, PaintWatch, Picture> paint, GroupJudge? judge = null)
{
    private const uint Orders = 0x3B01;

    private readonly Dictionary<string, GroupVerdict?> targets = [];

    /// <summary>Paints what is missing, then scores everything.</summary>
    /// <param name="painted">Gets how many pictures are there, of how many.</param>
    /// <exception cref="Errors.DramatisException">A picture is damaged, or the request cannot be done.</exception>
    public IReadOnlyList<MrRow> Run(IReadOnlyList<MrGroup> groups, Action<int, int>? painted = null, CancellationToken cancellationToken = default)
    {
        OutputFolder.Create(options.Output);
        var rows = new List<MrRow>();
        foreach (var most in options.References)
        {
            foreach (var group in groups)
            {
                for (var sample = 0; sample < options.Samples; sample++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    rows.Add(Row(group, most, sample));
                    painted?.Invoke(rows.Count, options.References.Count * groups.Count * options.Samples);
                }
            }
        }

        return rows;
    }

    private MrRow Row(MrGroup group, int most, int sample)
    {
        using var held = FinalizerHold.Take();
        var shown = Choose(group, most, sample);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Safe(options.Label)}-{Safe(group.GroupId)}-{shown.Count}-{sample}.png");
        var (picture, seconds) = Paint(Path.Combine(options.Output, name), ToRequest(group, shown, sample));
        var target = PictureReader.Read(group.Target.Image);
        var scores = encoders.Score(picture, target, [.. shown.Select(file => PictureReader.Read(file))], group.Words);
        return new(options.Label, group.GroupId, group.Topic, group.Split, shown.Count, group.Words, name, scores, seconds)
        {
            Shown = shown,
            Target = group.Target.Image,
            Verdict = judge?.Judge(group, picture),
            TargetVerdict = JudgeTarget(group, target),
        };
    }

    // The same for all rows of a group.
    private GroupVerdict? JudgeTarget(MrGroup group, Picture target)
    {
        if (!targets.TryGetValue(group.GroupId, out var verdict))
        {
            verdict = judge?.Judge(group, target);
            targets.Add(group.GroupId, verdict);
        }

        return verdict;
    }

    private IReadOnlyList<string> Choose(MrGroup group, int most, int sample)
    {
        string[] all = [.. group.References];
        if (options.Shuffle)
        {
            new StableRandom(group.Seed, sample, Orders).Shuffle<string>(all);
        }

        return [.. all.Take(most)];
    }

    private GenerationRequest ToRequest(MrGroup group, IReadOnlyList<string> shown, int sample) => new()
    {
        Prompt = group.Words,
        Subjects =
        [
            new()
            {
                Phrase = group.Words,
                References = options.Learned is null ? [.. shown.Select(Reference.FromFile)] : [],
                Learned = options.Learned is { } folder ? [new(Path.Combine(folder, $"{group.GroupId}.safetensors"))] : [],
                Strength = options.Strength,
            },
        ],
        Method = options.Method,
        Steps = options.Steps,
        Guidance = options.Guidance,
        Size = options.Size,
        Seed = group.Seed + (ulong)sample,
    };

    // A picture that is there took nobody knows how long.
    private (Picture Picture, MrSeconds? Seconds) Paint(string path, GenerationRequest request)
    {
        if (File.Exists(path))
        {
            return (PictureReader.Read(path), null);
        }

        var steps = new List<double>();
        var watch = Stopwatch.StartNew();
        var picture = paint(request, new() { Step = (_, _) => steps.Add(watch.Elapsed.TotalSeconds) });
        var seconds = MrSeconds.Of(steps, watch.Elapsed.TotalSeconds, PeakMemory.Bytes);
        PictureWriter.WritePng(path, picture);
        return (picture, seconds);
    }

    private static string Safe(string name) => string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'));
}
