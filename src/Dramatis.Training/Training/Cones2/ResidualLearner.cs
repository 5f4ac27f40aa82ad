using Dramatis.Errors;
using Dramatis.Methods.Cones2;
using Dramatis.Networks.Clip;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Training.Subjects;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Cones2;

/// <summary>How a residual is learned: the official script's numbers.</summary>
public sealed record ResidualRecipe
{
    /// <summary>λ1: how much the start of the text must stay what it was.</summary>
    public double StartWeight { get; init; } = .01;

    /// <summary>λ2: the same of all that comes after the subject's words.</summary>
    public double RestWeight { get; init; } = .001;

    /// <summary>Tokens that get a row, the first ones of the words; null is all. Published files have 1, whatever the words.</summary>
    public int? Tokens { get; init; }

    /// <summary>
    /// Take the words for the first token in a caption that looks like their first one, as the official script does: words such as
    /// "photo album" are then learned at the wrong place.
    /// </summary>
    public bool TakesFirstOccurrence { get; init; }

    public long Steps { get; init; } = 4000;

    public int Batch { get; init; } = 1;

    public double LearningRate { get; init; } = 5e-6;
}

/// <summary>What one step costs. Scalars.</summary>
/// <param name="Total">Of the others, weighted.</param>
/// <param name="Subject">How far the denoiser is off on the subject.</param>
/// <param name="Start">How far the start of the text has moved.</param>
/// <param name="Rest">How far all after the subject's words has moved.</param>
public sealed record ResidualLoss(Tensor Total, Tensor Subject, Tensor Start, Tensor Rest);

/// <summary>Learns a residual: tunes the text encoder so that the denoiser draws the subject, and asks what that did to its words.</summary>
/// <remarks>
/// Cones 2 (Liu et al., arXiv 2305.19327), as the official script has it. All weights of the text encoder move, while all outputs but
/// those at the subject's words are held where they were. Neither norm is squared or averaged.
/// Shapes: B rows, L text tokens, E text width, k tokens of the subject.
/// </remarks>
public sealed class ResidualLearner : Module<LearningBatch, ResidualLoss>
{
    private readonly ClipTextEncoder text_encoder;
    private readonly ClipTextEncoder? text_encoder_2;
    private readonly LearningModel model;
    private readonly ResidualRecipe recipe;
    private readonly int tokens;
    private readonly int[] positions;     // of the words in each caption
    private readonly Tensor captions;     // ids (27, L)
    private readonly Tensor? captions2;
    private readonly Tensor anchor;       // the untuned encoder's text of the words alone (1, L, E)
    private readonly Tensor? pooled;
    private readonly Tensor untuned;      // its rows at the words, summed over all captions (k, E)

    /// <param name="model">As it was published. Its text encoders are tuned in place; the rest of it wants no gradients from now on.</param>
    /// <param name="words">The class of the subject, for example <c>dog</c>.</param>
    /// <exception cref="InvalidRequestException">The words are no token, or fewer than the recipe wants.</exception>
    public ResidualLearner(LearningModel model, string words, ResidualRecipe recipe)
        : base(nameof(ResidualLearner))
    {
        this.model = model;
        this.recipe = recipe;
        text_encoder = model.Base.TextEncoder;
        text_encoder_2 = model.Base.SecondTextEncoder;
        RegisterComponents();
        foreach (var weight in model.Base.UNet.parameters().Concat(model.Base.Vae.parameters()))
        {
            weight.requires_grad = false;
        }

        var own = model.Base.Tokenizer.EncodeWords(words);
        tokens = recipe.Tokens ?? own.Count;
        if (tokens < 1 || tokens > own.Count)
        {
            throw new InvalidRequestException("subject", $"\"{words}\" is {own.Count} of the model's tokens; {tokens} of them cannot be learned.");
        }

        string[] texts = [.. TextTemplates.Objects.Select(template => TextTemplates.Fill(template, words))];
        positions = [.. texts.Select(text => PositionIn(model.Base.Tokenizer.Encode(text), own))];
        using var scope = NewDisposeScope();
        using var off = no_grad();
        (captions, captions2) = Ids(texts);
        var (ids, ids2) = Ids([words]);
        (anchor, pooled) = model.Encode(ids, ids2);
        untuned = Sum();
        captions.DetachFromDisposeScope();
        captions2?.DetachFromDisposeScope();
        anchor.DetachFromDisposeScope();
        pooled?.DetachFromDisposeScope();
        untuned.DetachFromDisposeScope();
    }

    /// <summary>k.</summary>
    public int Tokens => tokens;

    /// <param name="batch">Its texts are the words alone.</param>
    public override ResidualLoss forward(LearningBatch batch)
    {
        using var scope = NewDisposeScope();
        var (text, _) = model.Encode(batch);                                                        // (B, L, E)
        var errors = model.SquaredErrors(batch, text, pooled?.expand(text.shape[0], -1));
        var subject = LearningLoss.Of(errors, batch).Subject;
        var moved = anchor - text;
        var start = moved.narrow(1, 0, 1).flatten(1).norm(dim: 1).mean();
        var rest = moved.narrow(1, 1 + tokens, moved.shape[1] - 1 - tokens).flatten(1).norm(dim: 1).mean();
        return new(
            (subject + (recipe.StartWeight * start) + (recipe.RestWeight * rest)).MoveToOuterDisposeScope(),
            subject.MoveToOuterDisposeScope(),
            start.MoveToOuterDisposeScope(),
            rest.MoveToOuterDisposeScope());
    }

    /// <summary>What tuning did to the words (k, E): the mean over the captions.</summary>
    public Tensor Residual()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return ((Sum() - untuned) / positions.Length).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            captions.Dispose();
            captions2?.Dispose();
            anchor.Dispose();
            pooled?.Dispose();
            untuned.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Sum()
    {
        using var scope = NewDisposeScope();
        var (text, _) = model.Encode(captions, captions2);                                          // (27, L, E)
        return positions.Select((position, i) => text[i].narrow(0, position, tokens)).Aggregate((sum, rows) => sum + rows).MoveToOuterDisposeScope();
    }

    // The captions end with the words.
    private int PositionIn(int[] caption, IReadOnlyList<int> words) =>
        recipe.TakesFirstOccurrence ? Array.IndexOf(caption, words[0]) : ColourLayout.Find(caption, words).Last();

    private (Tensor Ids, Tensor? SecondIds) Ids(string[] texts)
    {
        return (Of(model.Base.Tokenizer), model.Base.SecondTokenizer is { } second ? Of(second) : null);

        Tensor Of(ClipTokenizer tokenizer) => TokenIds.Of([.. texts.Select(tokenizer.Encode)]);
    }
}
