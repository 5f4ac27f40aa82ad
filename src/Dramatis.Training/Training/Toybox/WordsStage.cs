using Dramatis.Errors;
using Dramatis.Networks.Prior;
using Dramatis.Tensors;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Teaches a model's FastComposer what words must come to mean for the model's prior to imagine their pictures.</summary>
/// <remarks>
/// The prior stays as it is, and so do all other networks: the fusing network learns, and the last layer of its image encoder. What a word says itself is
/// drawn so that it does not matter. Shapes: N subjects, H of them that no row shows, B rows, W width of a state, T features of width F.
/// </remarks>
internal sealed class WordsStage : TrainingStage
{
    private const uint Stream = 0x30D5;

    private readonly ulong seed;
    private readonly int subjects;
    private readonly Tensor states;     // (N, W)
    private readonly Tensor nothing;    // (1, W)
    private readonly LikelyStates likely;
    private readonly ShownPictures shown;
    private readonly FeaturePrior prior;
    private readonly Frozen frozen;
    private readonly ModelFolder folder;

    /// <param name="model">With FastComposer and MS-Diffusion, and a prior that reads the states of words.</param>
    /// <param name="views">Of each subject that are seen beforehand, in its own colours and in others.</param>
    /// <exception cref="ModelNotFoundException">One of them is missing.</exception>
    public WordsStage(SubjectBank bank, ModelFolder model, ulong seed, int views = 8)
    {
        if (!model.ImaginesLearned)
        {
            throw new ModelNotFoundException(
                model.Path, "has no prior that reads the states of words; make one with 'dramatis train prior --reads word' and put it into the folder.");
        }

        (this.seed, folder, subjects) = (seed, model, bank.Seen.Count);
        var penultimate = NameFeatures.ArePenultimate(model);
        using var text = model.LoadTextEncoder();
        using var vision = model.LoadImageEncoder();
        prior = model.LoadPrior();
        frozen = Frozen.Take([prior]);
        shown = new(bank, model, text.Config.Tower.Width, seed, views);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var tokenizer = model.LoadTokenizer();
        states = NameFeatures.Read(text, tokenizer, [.. bank.Seen.Select(subject => bank.Subjects[subject].Name)], PhraseState.Word).DetachFromDisposeScope();
        nothing = NameFeatures.Read(text, tokenizer, [BaseOrderMaker.Nothing], PhraseState.Word).DetachFromDisposeScope();
        likely = new(
            prior.Standardise(NameFeatures.See(vision, [.. bank.Seen.Select(subject => bank.Cutouts[subject])], penultimate)), prior.Whiten(states));
    }

    public override string Name => "words";

    public override Module Networks => shown.Networks;

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["prior"] = folder.Part(ModelNetwork.Prior).Fingerprint(),
        ["text"] = folder.Part(ModelNetwork.TextEncoder).Fingerprint(),
        ["vision"] = folder.Part(ModelNetwork.ImageEncoder).Fingerprint(),
    };

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var rows = Enumerable.Range(0, share.Count).Select(i => Draw(share.First + i)).ToArray();
        var (views, recoloured, numbers) = (Numbers(row => row.View), Numbers(row => row.Recoloured), Numbers(row => row.Subject));
        var words = stack([.. rows.Select(row => row.Word is { } word ? states[word] : nothing[0])]);
        var meant = prior.Standardise(shown.Meant(views, recoloured, numbers));
        var fused = prior.Whiten(shown.Fuse(words, views, recoloured, numbers));
        var (cells, _) = prior.OfWhite(fused);
        return new(
        [
            new("features", functional.mse_loss(cells, meant)),

            // Where its word would lie: there the prior is smooth, and what the picture is like is all that it takes to find it.
            new("state", functional.mse_loss(fused, likely.Of(meant))),
        ]);

        Tensor Numbers(Func<Row, long> of) => tensor([.. rows.Select(of)], ScalarType.Int64);
    }

    /// <summary>Shows subjects that no row does, in the place of a word that says nothing: whose picture is nearest to what is imagined?</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var meant = prior.Standardise(shown.HeldOut);
        var (cells, _) = prior.Standardised(shown.FuseHeldOut(nothing));
        var closer = ImaginedFigures.Closer(cells, meant, arange(meant.shape[0]));
        return new Dictionary<string, double>
        {
            ["explained"] = ImaginedFigures.Explained(cells, meant),
            ["right"] = closer.lt(1).to(float32).mean().item<float>(),
            ["right_top5"] = closer.lt(5).to(float32).mean().item<float>(),
        };
    }

    public override void Export(string folder) => shown.Export(folder);

    protected override bool OwnsNetworks => false;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            frozen.Dispose();
            prior.Dispose();
            shown.Dispose();
            likely.Dispose();
            states.Dispose();
            nothing.Dispose();
        }
    }

    private Row Draw(long item)
    {
        var random = new StableRandom(seed, item, Stream);
        var (subject, view, recoloured, word) = (random.Below(subjects), random.Below(shown.Views), random.Below(2), random.NextDouble());
        return new(subject, view, recoloured, word < BaseOrderMaker.OwnName ? subject
            : word < BaseOrderMaker.OwnName + BaseOrderMaker.OtherName ? random.Below(subjects)
            : null);
    }

    /// <summary>What one row shows.</summary>
    /// <param name="Subject">Counted among those that are seen.</param>
    /// <param name="Word">Whose name the picture stands in the place of; null for a word that says nothing.</param>
    private readonly record struct Row(long Subject, long View, long Recoloured, long? Word);
}
