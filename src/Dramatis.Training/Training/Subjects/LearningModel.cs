using Dramatis.Conditioning;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Networks.Prior;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Subjects;

/// <summary>A base model as learning uses it: no sampling, one noise level a row.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/>; E text width, P pooled width.</remarks>
internal sealed class LearningModel(BaseModel model) : IDisposable
{
    // Where a preview shows what it imagines.
    private static readonly float[] Middle = [.15f, .15f, .85f, .85f];

    /// <summary>A model that paints what its prior imagines of words, if it does: what is learned as words is learned through that too.</summary>
    public static LearningModel ThatImagines(BaseModel model)
    {
        return new(model) { Imagining = MethodCatalog.LoadImagining(model) };
    }

    public BaseModel Base => model;

    /// <summary>What keeps subjects by the pictures that are imagined of their words; null where nothing does.</summary>
    public IImaginingMethod? Imagining { get; private init; }

    public ForwardProcess Process { get; init; } = new(model.Scheduler);

    /// <summary>The text context (B, L, E) and, for models that want it, the pooled text (B, P). Gradients flow.</summary>
    public (Tensor Text, Tensor? Pooled) Encode(DenoisingBatch batch) => Encode(batch.Ids!, batch.SecondIds);

    /// <summary>The same of token ids (B, L) alone.</summary>
    public (Tensor Text, Tensor? Pooled) Encode(Tensor ids, Tensor? secondIds) => model.ReadText(ids, secondIds);

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch with its own texts.</summary>
    /// <param name="fixesFirstText">No gradient flows through the keys and values of the first text position.</param>
    public Tensor SquaredErrors(DenoisingBatch batch, bool fixesFirstText = false)
    {
        using var scope = NewDisposeScope();
        var (text, pooled) = Encode(batch);
        return SquaredErrors(batch, text, pooled, fixesFirstText).MoveToOuterDisposeScope();
    }

    /// <summary>Squared errors (B, C, h, w) of the denoiser on a batch with texts that are encoded already.</summary>
    /// <param name="phrase">
    /// The state (1, E) and the pooled text (1, P) of what is imagined, for all that is learned; null: as the text encoder reads the batch's phrases now.
    /// </param>
    public Tensor SquaredErrors(DenoisingBatch batch, Tensor text, Tensor? pooled = null, bool fixesFirstText = false, (Tensor Word, Tensor Pooled)? phrase = null)
    {
        using var scope = NewDisposeScope();
        var added = pooled is null ? null : new AddedConditions(pooled, Frames(batch));
        using var session = Imagine(batch, phrase);
        return new DenoisingLoss(model.UNet, Process).SquaredErrors(batch, text, session, added, fixesFirstText).MoveToOuterDisposeScope();
    }

    /// <summary>What phrases are to a prior (N, width of the state), as the text encoder reads them now.</summary>
    /// <param name="phrases">Token ids of N phrases, each from start to end, without padding.</param>
    public Tensor Read(IReadOnlyList<int[]> phrases, PhraseState state) => PhraseStates.Of(model.TextEncoder, phrases, model.Tokenizer.PaddingId, state);

    /// <summary>What is imagined of words, in the middle of a picture that is guided by a negative row; nothing where the model imagines nothing.</summary>
    public ConditioningSession Preview(string words)
    {
        using var scope = NewDisposeScope();
        int[][] ids = [model.Tokenizer.EncodeUnpadded(words)];
        return Preview(Imagining is null ? null : (Read(ids, PhraseState.Word), Read(ids, PhraseState.Pooled)));
    }

    /// <summary>The same of a state (1, E) and a pooled text (1, P).</summary>
    public ConditioningSession Preview((Tensor Word, Tensor Pooled)? phrase)
    {
        if (Imagining is null || phrase is not { } shown)
        {
            return ConditioningSession.None;
        }

        using var scope = NewDisposeScope();
        var places = tensor(new float[Middle.Length].Concat(Middle).ToArray()).view(2, 1, -1);
        return Imagining.Imagine(shown.Word.expand(2, -1).unsqueeze(1), shown.Pooled.expand(2, -1).unsqueeze(1), places);
    }

    public void Dispose() => Imagining?.Dispose();

    // Others of a kind were painted from text alone: their place is nowhere.
    private ConditioningSession Imagine(DenoisingBatch batch, (Tensor Word, Tensor Pooled)? phrase)
    {
        if (Imagining is null || batch.Phrases is not { } phrases)
        {
            return ConditioningSession.None;
        }

        using var scope = NewDisposeScope();
        var rows = batch.Latents.shape[0];
        int[][] all = [.. phrases, .. Enumerable.Repeat(phrases[0], (int)rows - phrases.Count)];
        return Imagining.Imagine(
            (phrase?.Word.expand(rows, -1) ?? Read(all, PhraseState.Word)).unsqueeze(1),
            (phrase?.Pooled.expand(rows, -1) ?? Read(all, PhraseState.Pooled)).unsqueeze(1),
            functional.pad(batch.Places!, [0, 0, 0, rows - phrases.Count]).unsqueeze(1));
    }

    // SDXL is told of the whole picture: here it is what it is cut to.
    private Tensor Frames(DenoisingBatch batch)
    {
        var factor = model.Vae.Config.Factor;
        var (height, width) = ((float)batch.Latents.shape[2] * factor, (float)batch.Latents.shape[3] * factor);
        return tensor(new[] { height, width, 0, 0, height, width }).expand(batch.Latents.shape[0], -1);
    }
}
