using Dramatis.Networks.Prior;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Teaches a model's prior what the vision encoder would see of the subject that a name means.</summary>
/// <remarks>
/// Both encoders stay as they are, so all that they say is asked once, before the first step. Shapes: N subjects, K ways to name one, W width of
/// the text, T features of width F.
/// </remarks>
internal sealed class PriorStage : TrainingStage
{
    private const uint NameStream = 0x9A3E;

    // A logarithm beside standardised numbers: it is learned at once.
    private const double AspectWeight = .1;

    private readonly ulong seed;
    private readonly int[] subjects;
    private readonly long[] common;
    private readonly Tensor states;     // (N, K, W)
    private readonly Tensor targets;    // (N, T, F), standardised
    private readonly Tensor aspects;    // (N)
    private readonly FeaturePrior prior;
    private readonly ModelFolder folder;

    /// <param name="model">With text encoder, image encoder and MS-Diffusion.</param>
    /// <param name="reads">Which of the text encoder's states.</param>
    public PriorStage(SubjectBank bank, ModelFolder model, ulong seed, PhraseState reads = PhraseState.Pooled)
    {
        this.seed = seed;
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
        Array.ForEach([states, targets, aspects], tensor => tensor.DetachFromDisposeScope());
    }

    public override string Name => "prior";

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
            return (Subject: (long)random.Below(subjects.Length), Form: (long)random.Below(NameForms.All.Count));
        }).ToArray();
        var rows = tensor(drawn.Select(item => item.Subject).ToArray());
        var (cells, aspect) = prior.Standardised(states[rows, tensor(drawn.Select(item => item.Form).ToArray())]);
        return new(
        [
            new("features", functional.mse_loss(cells, targets[rows])),
            new("aspect", functional.mse_loss(aspect, aspects[rows]), AspectWeight),
        ]);
    }

    /// <summary>Imagines each common subject by its name: which subject's features are the nearest?</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var rows = tensor(common);
        var (cells, _) = prior.Standardised(states[rows, 0]);
        var distance = cdist(cells.flatten(1), targets.flatten(1));                                    // (common, N)
        var closer = distance.lt(distance.gather(1, rows.unsqueeze(-1))).sum(1);
        return new Dictionary<string, double>
        {
            ["explained"] = 1 - (functional.mse_loss(cells, targets[rows]) / targets[rows].square().mean()).item<float>(),
            ["right_of_all"] = closer.lt(1).to(float32).mean().item<float>(),
            ["right_of_all_top5"] = closer.lt(5).to(float32).mean().item<float>(),
        };
    }

    public override void Export(string folder) => new ModelWriter(folder).Network(ModelNetwork.Prior, prior.Config.ToJson(), prior);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Array.ForEach([states, targets, aspects], tensor => tensor.Dispose());
        }
    }
}
