using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Subjects;

/// <summary>What a method learns of a subject, and how: weights that are trained, and the loss they are trained by.</summary>
internal abstract class SubjectLearner : IDisposable
{
    private readonly PatchedWeights patched;
    private readonly Frozen frozen;

    /// <param name="model">Belongs to the learner, its base to the caller. Until this is disposed its weights want no gradients but where the method says so.</param>
    protected SubjectLearner(LearningModel model)
    {
        Model = model;
        patched = new(model.Base);
        frozen = Frozen.Take(PatchableNetworks.All.Select(model.Base.NetworkOf).Append(model.Base.Vae).OfType<Module>().Concat(model.Imagining?.Networks ?? []));
    }

    public LearningModel Model { get; }

    /// <summary>The weights that want gradients.</summary>
    public abstract Module Trained { get; }

    /// <summary>Beside what was learned: what it is.</summary>
    public virtual string RecordName => SubjectStage.RecordName;

    /// <summary>The fields that this record has, in their order; null: all.</summary>
    public virtual IReadOnlyList<string>? RecordFields => null;

    /// <summary>How much the rows that show others of the kind count.</summary>
    public double PriorWeight { get; init; } = 1;

    /// <summary>The loss of a batch.</summary>
    /// <param name="make">Called when the texts of the batch may hold the words that are learned. The batch belongs to the learner.</param>
    /// <param name="step">Counted from 0.</param>
    public TrainingLoss Loss(Func<DenoisingBatch> make, long step)
    {
        using var scope = NewDisposeScope();
        using var worn = Wear(step);
        using var batch = make();
        return new(Measure(batch));
    }

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch, without weights.</summary>
    public virtual Tensor SquaredErrors(DenoisingBatch batch) => Model.SquaredErrors(batch);

    /// <summary>What else an evaluation says, by name.</summary>
    public virtual IEnumerable<KeyValuePair<string, double>> Figures() => [];

    /// <summary>Puts what is learned so far on the model until the result is disposed.</summary>
    public IDisposable Wear(long step = 0) => Put(PatchAt(step));

    /// <summary>The same with what painting will use, where that is not what is trained.</summary>
    public IDisposable WearLearned(long step) => Put(LearnedAt(step));

    /// <summary>Writes what was learned into a folder, in the published format.</summary>
    /// <returns>The files' names.</returns>
    public abstract IReadOnlyList<string> Write(string folder);

    /// <summary>Shows what is learned so far, with it on the model.</summary>
    /// <param name="seed">Of the texts.</param>
    internal virtual Picture Draw(LearnedSheet sheet, IReadOnlyList<SubjectLesson> subjects, ulong seed)
    {
        return SampleSheet.Grid([.. subjects.Select(subject => new[] { DrawOne(subject) })]);

        Picture DrawOne(SubjectLesson subject)
        {
            var (ids, secondIds) = Ids("", subject.Text(new(seed, 0, 0)));
            var (text, pooled) = Model.Encode(ids, secondIds);
            using var imagined = subject.Words is { } words ? Model.Preview(words) : ConditioningSession.None;
            return sheet.Draw(subject.Pictures, new(text, pooled), imagined);
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            patched.Dispose();
            frozen.Dispose();
            Model.Dispose();
            if (OwnsTrained)
            {
                Trained.Dispose();
            }
        }
    }

    /// <summary>Has weights of the model want gradients after all.</summary>
    protected static void Train(Module network)
    {
        foreach (var weight in network.parameters())
        {
            weight.requires_grad = true;
        }
    }

    /// <summary>Token ids (B, L) of texts, also of the second tokenizer where there is one.</summary>
    private protected (Tensor Ids, Tensor? SecondIds) Ids(params string[] texts)
    {
        return (Of(Model.Base.Tokenizer), Model.Base.SecondTokenizer is { } second ? Of(second) : null);

        Tensor Of(ClipTokenizer tokenizer) => TokenIds.Of([.. texts.Select(tokenizer.Encode)]);
    }

    /// <summary>Whether the trained weights go when the learner goes; the base model's own do not.</summary>
    protected virtual bool OwnsTrained => true;

    /// <summary>The trained weights as a patch on the model; null where they are the model's own.</summary>
    protected abstract WeightPatch? PatchAt(long step);

    /// <summary>What painting will use; its tensors may be the caller's scope's.</summary>
    protected virtual WeightPatch? LearnedAt(long step) => PatchAt(step);

    /// <summary>The loss, with the patch on the model.</summary>
    protected virtual IReadOnlyList<LossPart> Measure(DenoisingBatch batch) => SubjectLoss.Of(SquaredErrors(batch), batch, PriorWeight);

    private PatchedWeights Put(WeightPatch? patch)
    {
        if (patch is not null)
        {
            patched.Apply(new ScaledPatch(patch));
        }

        return patched;
    }
}
