using Dramatis.Conditioning;
using Dramatis.Requests;
using Dramatis.Sampling;
using Dramatis.Schedules;
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
    /// <param name="request">Complete and valid.</param>
    public IReadOnlyList<Box> Find(GenerationRequest request, PromptText prompt, CancellationToken cancellationToken)
    {
        var places = PlaceFitting.Lay(request.Subjects).ToArray();
        (int Subject, TokenSpan Span)[] wanted =
        [
            .. Enumerable.Range(0, places.Length)
                .Where(i => IsWanted(request, i))
                .Select(i => (Subject: i, Span: TokenSpan.Of(model.Tokenizer, prompt.Text, prompt.Words[i])))
                .Where(item => !item.Span.IsEmpty),
        ];
        if (wanted.Length == 0)
        {
            return places;
        }

        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var read = Read(request, prompt.Written, [.. wanted.Select(item => item.Span)], cancellationToken);    // (n, h, w)
        foreach (var place in request.Subjects.Select(subject => subject.Place).OfType<Box>())
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

    /// <summary>Whether a subject of the request gets its place from here.</summary>
    public static bool IsWanted(GenerationRequest request, int subject) =>
        request.Layout.Mode == LayoutMode.Boxes && request.Subjects[subject] is { Place: null, Strength: > 0, IsInWeights: false };

    private Tensor Read(GenerationRequest request, string prompt, TokenSpan[] spans, CancellationToken cancellationToken)
    {
        var isGuided = request.Guidance > 1;
        var none = Enumerable.Repeat(TokenSpan.None, spans.Length).ToArray();
        using var session = new WordMapSession(SubjectWords.Of(isGuided ? [none, spans] : [spans], model.Tokenizer.Options.MaxLength, model.Compute.Device));
        using var noise = new Noise(request.Seed);
        var run = new TextToImageRun
        {
            Prompts = [prompt],
            NegativePrompts = [request.NegativePrompt.Length > 0 ? request.NegativePrompt : null],
            Reading = request.Reading,
            Size = request.Size!.Value,
            Steps = Math.Min(MostSteps, request.Steps!.Value),
            Sampler = SamplerKinds.Parse(request.Sampler!),
            Scheduler = model.Scheduler,
            Guidance = request.Guidance!.Value,
            GuidanceRescale = request.GuidanceRescale!.Value,
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
