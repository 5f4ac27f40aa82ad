using Dramatis.Conditioning;
using Dramatis.Methods;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Pipelines;

/// <summary>Finds places for subjects that have none: paints the text alone in few steps, and looks where their words are read.</summary>
/// <remarks>Shapes: n subjects, h x w cells of the finest feature map.</remarks>
internal sealed class PlaceFinder(BaseModel model, TextToImage textToImage)
{
    private const int MostSteps = 8;

    // Of the strongest reading: what counts as the subject.
    private const double Threshold = .5;

    private const double SmallestSide = .15;

    // Of one subject alone; several share the picture.
    private const double LargestSide = .9;

    // Of the smaller of two places. Words that are read in the same cells say nothing of where their subjects stand.
    private const double LargestOverlap = .1;

    /// <summary>
    /// The places of all subjects: those given, those found, and columns side by side for words that are read nowhere, or for all when what was
    /// found lies one over the other.
    /// </summary>
    public IReadOnlyList<Box> Find(PaintingJob job, CancellationToken cancellationToken)
    {
        Subject[] subjects = [.. job.Subjects.Select(item => item.Subject)];
        var places = PlaceFitting.Lay(subjects).ToArray();
        (int Subject, TokenSpan Span)[] wanted =
        [
            .. Enumerable.Range(0, places.Length)
                .Where(i => IsWithout(job, i))
                .Select(i => (Subject: i, Span: TokenSpan.Of(model.Tokenizer, job.Prompt.Text, job.Prompt.Words[i])))
                .Where(item => !item.Span.IsEmpty),
        ];
        if (!wanted.Any(item => IsWanted(job, item.Subject)))
        {
            return places;
        }

        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var read = Read(job, [.. wanted.Select(item => item.Span)], cancellationToken);    // (n, h, w)
        foreach (var place in subjects.Select(subject => subject.Place).OfType<Box>())
        {
            var taken = BoxCells.Cover(tensor(place.Numbers(), device: read.device).view(1, 1, 4), new((int)read.shape[2], (int)read.shape[1]));
            read *= 1 - taken.squeeze(0).to(float32);
        }

        // A cell belongs to the subject whose words are read most there.
        var strongest = read.amax([0], keepdim: true);
        var own = read * read.eq(strongest).to(float32);
        var found = (Box[])[.. places];
        foreach (var (number, (i, _)) in wanted.Index())
        {
            found[i] = Around(own[number], LargestSide / Math.Sqrt(places.Length)) ?? places[i];
        }

        return wanted.Any(item => found.Index().Any(other => other.Index != item.Subject && found[item.Subject].Overlap(other.Item) > LargestOverlap))
            ? places
            : found;
    }

    /// <summary>Whether a subject gets its place from here.</summary>
    public static bool IsWanted(PaintingJob job, int subject) =>
        job.Subjects[subject].Keepers.Any(method => method.Reads.HasFlag(MethodReads.FoundPlaces)) && IsWithout(job, subject);

    // Others that are without a place and need none stand somewhere too: their words are looked for beside.
    private static bool IsWithout(PaintingJob job, int subject) =>
        job.Request.Layout.Mode == LayoutMode.Boxes && job.Subjects[subject] is { IsInWeights: false, Subject: { Place: null, Strength: > 0 } };

    private Tensor Read(PaintingJob job, TokenSpan[] spans, CancellationToken cancellationToken)
    {
        var none = Enumerable.Repeat(TokenSpan.None, spans.Length).ToArray();
        IReadOnlyList<TokenSpan[]> rows = job.IsGuided ? [none, spans] : [spans];
        using var session = new WordMapSession(SubjectWords.Of(rows, model.Tokenizer.Options.MaxLength, model.Compute.Device));
        using var noise = new Noise(job.Seed);
        var run = TextToImageRun.Of(job) with
        {
            Steps = Math.Min(MostSteps, job.Steps),
            Scheduler = model.Scheduler,
            Frames = null,
            GuidanceWindow = StepWindow.All,
            Session = session,
        };
        textToImage.Sample(run, textToImage.Start(noise, 1, run.Size), noise, cancellationToken);

        var finest = session.Maps.Sites.MaxBy(item => item.Grid.Cells).Grid;
        var maps = session.Maps.Sites.Select(item => nn.functional.interpolate(
            session.Maps.At(item.Site)[^1..], [finest.Height, finest.Width], mode: InterpolationMode.Bilinear, align_corners: false));
        return stack([.. maps]).mean([0, 1]).MoveToOuterDisposeScope();
    }

    // The box of an even mass with the middle and the spread of what is read: single strong cells far away do not count much.
    private static Box? Around(Tensor map, double largest)
    {
        var peak = map.max();
        var mass = map * (map > (peak * Threshold)).to(float32);
        var total = mass.sum().item<float>();
        if (!(total > 0))
        {
            return null;
        }

        var (left, right) = Along(mass.sum(dim: 0) / total, largest);
        var (top, bottom) = Along(mass.sum(dim: 1) / total, largest);
        return new(left, top, right, bottom);
    }

    private static (double Start, double End) Along(Tensor share, double largest)
    {
        var centres = (arange(share.shape[0], float32, share.device) + .5) / share.shape[0];
        var middle = (share * centres).sum();
        var spread = (share * (centres - middle).square()).sum().sqrt().item<float>();
        var half = Math.Clamp(Math.Sqrt(3) * spread, SmallestSide / 2, largest / 2);
        var at = Math.Clamp(middle.item<float>(), half, 1 - half);
        return (Math.Max(0, at - half), Math.Min(1, at + half));
    }
}
