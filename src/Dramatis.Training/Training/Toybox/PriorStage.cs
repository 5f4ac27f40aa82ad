using Dramatis.Networks.Prior;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Teaches a model's prior what the vision encoder would see of the subject that a name means.</summary>
/// <remarks>
/// Both encoders stay as they are, so all that they say is asked once, before the first step. Beside names it is shown the states that pictures of
/// other colours would have (<see cref="LikelyStates"/>). Shapes: N subjects, K ways to name one, R colourings, W width of the text, T features of
/// width F.
/// </remarks>
internal sealed class PriorStage : TrainingStage
{
    private const uint NameStream = 0x9A3E;

    // How often a row is a picture without a name, where states of words are read: those are what is learned.
    private const double Unnamed = .5;

    // A logarithm beside standardised numbers: it is learned at once.
    private const double AspectWeight = .1;

    private readonly ulong seed;
    private readonly bool isOfWords;
    private readonly int[] subjects;
    private readonly long[] common;
    private readonly Tensor states;     // (N, K, W)
    private readonly Tensor targets;    // (N, T, F), standardised
    private readonly Tensor aspects;    // (N)
    private readonly Tensor? unnamed;    // whitened states (R, N, W); null where no row is without a name
    private readonly Tensor? recoloured; // (R, N, T, F), standardised, in half precision
    private readonly Tensor heldOut;    // (H, T, F), standardised: of subjects that no row shows
    private readonly Tensor heldOutStates;    // (H, W), whitened
    private readonly FeaturePrior prior;
    private readonly ModelFolder folder;

    /// <param name="model">With text encoder, image encoder and MS-Diffusion.</param>
    /// <param name="reads">Which of the text encoder's states.</param>
    public PriorStage(SubjectBank bank, ModelFolder model, ulong seed, PhraseState reads = PhraseState.Pooled)
    {
        this.seed = seed;
        isOfWords = reads == PhraseState.Word;
        folder = model;
        subjects = [.. bank.Seen];
        common = [.. bank.Common.Select(subject => (long)Array.IndexOf(subjects, subject))];
        var penultimate = NameFeatures.ArePenultimate(model);
        using var text = model.LoadTextEncoder();
        using var vision = model.LoadImageEncoder();
        prior = new FeaturePrior(new()
        {
            TextWidth = text.Config.Tower.Width,
            FeatureWidth = vision.Config.Tower.Width,
            Tokens = vision.Config.Tokens,
            PenultimateFeatures = penultimate,
            Reads = reads,
        });
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var tokenizer = model.LoadTokenizer();
        states = stack(
            [.. NameForms.All.Select(form => NameFeatures.Read(text, tokenizer, [.. subjects.Select(subject => form(bank.Subjects[subject].Name))], reads))], 1);
        var features = NameFeatures.See(vision, [.. subjects.Select(subject => bank.Cutouts[subject])], penultimate);
        aspects = tensor(subjects.Select(subject => (float)Math.Log((double)bank.Cutouts[subject].Width / bank.Cutouts[subject].Height)).ToArray());
        prior.Measure(states.flatten(0, 1), features);
        targets = prior.Standardise(features);
        using var likely = new LikelyStates(targets, prior.Whiten(states[TensorIndex.Colon, 0]));
        if (isOfWords)
        {
            Tensor[] coloured = [.. ChannelOrders.Others.Select(order => See(bank.Seen, order.Of))];
            unnamed = stack([.. coloured.Select(likely.Of)]);
            recoloured = stack([.. coloured.Select(seen => seen.to(ScalarType.Float16))]);
        }

        heldOut = See(bank.HeldOut, null);
        heldOutStates = likely.Of(heldOut);
        Array.ForEach(Kept, tensor => tensor.DetachFromDisposeScope());

        Tensor See(IReadOnlyList<int> some, Func<byte[], byte[]>? look)
        {
            using var inner = NewDisposeScope();
            return prior.Standardise(NameFeatures.See(vision, [.. some.Select(subject => bank.Cutouts[subject])], penultimate, look)).MoveToOuterDisposeScope();
        }
    }

    public override string Name => "prior";

    private Tensor[] Kept => [.. new[] { states, targets, aspects, unnamed, recoloured, heldOut, heldOutStates }.OfType<Tensor>()];

    public override Module Networks => prior;

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["text"] = folder.Part(ModelNetwork.TextEncoder).Fingerprint(),
        ["vision"] = folder.Part(ModelNetwork.ImageEncoder).Fingerprint(),
    };

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var drawn = Enumerable.Range(0, share.Count).Select(i =>
        {
            var random = new StableRandom(seed, share.First + i, NameStream);
            var (subject, form) = ((long)random.Below(subjects.Length), (long)random.Below(NameForms.All.Count));
            return (Subject: subject, Form: form, Colouring: isOfWords && random.Chance(Unnamed) ? random.Below(ChannelOrders.Others.Count) : -1L);
        }).ToLookup(item => item.Colouring >= 0);
        var (pictures, named) = (drawn[true].ToArray(), drawn[false].ToArray());
        var (shown, colourings) = (Rows(pictures.Select(item => item.Subject)), Rows(pictures.Select(item => item.Colouring)));
        var names = Rows(named.Select(item => item.Subject));
        var white = prior.Whiten(states[names, Rows(named.Select(item => item.Form))]);
        var wanted = targets[names];
        if (isOfWords)
        {
            white = cat([white, unnamed![colourings, shown]]);
            wanted = cat([wanted, recoloured![colourings, shown].to(targets.dtype)]);
        }

        var (cells, aspect) = prior.OfWhite(white);
        return new(
        [
            new("features", functional.mse_loss(cells, wanted)),
            new("aspect", functional.mse_loss(aspect, aspects[cat([names, shown])]), AspectWeight),
        ]);
    }

    /// <summary>
    /// Imagines each common subject by its name: which subject's features are the nearest? And each that no row shows by where its word would lie.
    /// </summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var rows = tensor(common);
        var (cells, _) = prior.Standardised(states[rows, 0]);
        var closer = ImaginedFigures.Closer(cells, targets, rows);
        var (unseen, _) = prior.OfWhite(heldOutStates);
        return new Dictionary<string, double>
        {
            ["explained"] = ImaginedFigures.Explained(cells, targets[rows]),
            ["right_of_all"] = closer.lt(1).to(float32).mean().item<float>(),
            ["right_of_all_top5"] = closer.lt(5).to(float32).mean().item<float>(),
            ["held_out_explained"] = ImaginedFigures.Explained(unseen, heldOut),
            ["held_out_right"] = ImaginedFigures.Closer(unseen, heldOut, arange(heldOut.shape[0])).lt(1).to(float32).mean().item<float>(),
        };
    }

    public override void Export(string folder) => new ModelWriter(folder).Network(ModelNetwork.Prior, prior.Config.ToJson(), prior);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Array.ForEach(Kept, tensor => tensor.Dispose());
        }
    }

    private static Tensor Rows(IEnumerable<long> numbers) => tensor(numbers.ToArray(), ScalarType.Int64);
}
