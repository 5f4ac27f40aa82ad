using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.Cones2;
using Dramatis.Networks.Prior;
using Dramatis.Pictures;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Cones2;

/// <summary>Learns a residual: tunes the text encoder so that the denoiser draws the subject, and asks what that did to its words.</summary>
/// <remarks>
/// Cones 2 (Liu et al., arXiv 2305.19327), as the official script has it. All weights of the text encoder move, while all outputs but
/// those at the subject's words are held where they were. Neither norm is squared or averaged.
/// Shapes: B rows, L text tokens, E text width, k tokens of the subject.
/// </remarks>
internal sealed class ResidualLearner : SubjectLearner
{
    /// <summary>How far the start of the text has moved.</summary>
    public const string Start = "start";

    /// <summary>How far all after the subject's words has moved.</summary>
    public const string Rest = "rest";

    /// <summary>Beside the residual: what it is.</summary>
    public const string RecordFile = "residual.json";

    private const string PreviewText = "a photo of a ";

    private readonly string words;
    private readonly Cones2Settings settings;
    private readonly Encoders encoders;
    private readonly int tokens;
    private readonly bool movesLast;      // whether the last of the words has a row
    private readonly int[] positions;     // of the words in each caption
    private readonly Tensor captions;     // ids (27, L)
    private readonly Tensor? captions2;
    private readonly Tensor anchor;       // the untuned encoder's text of the words alone (1, L, E)
    private readonly Tensor? pooled;
    private readonly Tensor untuned;      // its rows at the words, summed over all captions (k, E)
    private readonly Tensor alone;        // its state at the last of the words (1, E), as a prior reads it
    private readonly Tensor alonePooled;  // their pooled text (1, P)
    private readonly Tensor preview;      // its texts of a picture without and with the words (2, L, E)
    private readonly Tensor? previewPooled;

    /// <param name="model">As it was published. Its text encoders are tuned in place.</param>
    /// <param name="words">The class of the subject, for example <c>dog</c>.</param>
    /// <exception cref="InvalidRequestException">The words are no token, or fewer than the settings want.</exception>
    public ResidualLearner(LearningModel model, string words, Cones2Settings settings)
        : base(model)
    {
        this.words = words;
        this.settings = settings;
        encoders = new(model.Base);
        Train(encoders);

        var own = model.Base.Tokenizer.EncodeWords(words);
        tokens = settings.Tokens ?? own.Count;
        movesLast = tokens == own.Count;
        if (tokens < 1 || tokens > own.Count)
        {
            throw new InvalidRequestException(
                settings.Tokens is null ? "subjects[0].kind" : "settings.tokens",
                $"\"{words}\" is {own.Count} of the model's tokens; {tokens} of them cannot be learned.");
        }

        string[] texts = [.. TextTemplates.Objects.Select(template => TextTemplates.Fill(template, words))];
        positions = [.. texts.Select(text => PositionIn(model.Base.Tokenizer.Encode(text), own))];
        using var scope = NewDisposeScope();
        using var off = no_grad();
        (captions, captions2) = Ids(texts);
        var (ids, ids2) = Ids(words);
        (anchor, pooled) = model.Encode(ids, ids2);
        untuned = Sum();
        (alone, alonePooled) = (Alone(PhraseState.Word), Alone(PhraseState.Pooled));
        (ids, ids2) = Ids("", PreviewText + words);
        (preview, previewPooled) = model.Encode(ids, ids2);
        foreach (var kept in Kept)
        {
            kept.DetachFromDisposeScope();
        }
    }

    /// <summary>The text encoders.</summary>
    public override Module Trained => encoders;

    public override string RecordName => RecordFile;

    public override IReadOnlyList<string> RecordFields { get; } =
    [
        "method", "phrase", "model", "tokens", "resolution", "pictures", "steps", "batch", "learning_rate", "start_weight", "rest_weight", "seed",
    ];

    /// <summary>k.</summary>
    public int Tokens => tokens;

    protected override bool OwnsTrained => false;

    private IEnumerable<Tensor> Kept => new[] { captions, captions2, anchor, pooled, untuned, alone, alonePooled, preview, previewPooled }.OfType<Tensor>();

    public override Tensor SquaredErrors(DenoisingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (text, _) = Model.Encode(batch);                                                        // (B, L, E)
        return SquaredErrors(batch, text).MoveToOuterDisposeScope();
    }

    /// <summary>How long the residual has become.</summary>
    public override IEnumerable<KeyValuePair<string, double>> Figures()
    {
        using var scope = NewDisposeScope();
        return [new("residual_length", Residual().norm(dim: 1).mean().item<float>())];
    }

    public override IReadOnlyList<string> Write(string folder)
    {
        using var rows = Residual();
        Methods.Residual.Write(Path.Combine(folder, Methods.Residual.FileName), rows);
        return [Methods.Residual.FileName];
    }

    /// <summary>What tuning did to the words (k, E): the mean over the captions.</summary>
    public Tensor Residual()
    {
        using var off = no_grad();
        return Moved();
    }

    /// <summary>Pictures of the words with the residual added, by the encoder that was not tuned: as they are painted later.</summary>
    internal override Picture Draw(LearnedSheet sheet, IReadOnlyList<SubjectLesson> subjects, ulong seed)
    {
        using var scope = NewDisposeScope();
        var tokenizer = Model.Base.Tokenizer;
        var shift = zeros(preview.shape[1], preview.shape[2]);
        var position = ColourLayout.Find(tokenizer.Encode(PreviewText + words), tokenizer.EncodeWords(words)).Last();
        shift.narrow(0, position, tokens).add_(Residual());
        using var session = CombinedSession.Of(
            new Cones2Session([new(shift, null, Influence.Full)], new() { Steps = 0 }, Model.Base.Scheduler, hasNegativeRow: true),
            Model.Preview(Imagined()));
        return sheet.Draw(subjects[0].Pictures, new(preview, previewPooled), session);
    }

    // The texts of a batch are the words alone.
    protected override IReadOnlyList<LossPart> Measure(DenoisingBatch batch)
    {
        var (text, _) = Model.Encode(batch);                                                        // (B, L, E)
        var subject = SubjectLoss.OfSubject(SquaredErrors(batch, text), batch);
        var moved = anchor - text;
        var start = moved.narrow(1, 0, 1).flatten(1).norm(dim: 1).mean();
        var rest = moved.narrow(1, 1 + tokens, moved.shape[1] - 1 - tokens).flatten(1).norm(dim: 1).mean();
        return [new(SubjectLoss.Subject, subject), new(Start, start, settings.StartWeight), new(Rest, rest, settings.RestWeight)];
    }

    protected override WeightPatch? PatchAt(long step) => null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var kept in Kept)
            {
                kept.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private Tensor SquaredErrors(DenoisingBatch batch, Tensor text)
    {
        using var scope = NewDisposeScope();
        return Model.SquaredErrors(batch, text, pooled?.expand(text.shape[0], -1), phrase: Imagined()).MoveToOuterDisposeScope();
    }

    // What painting will add, so that no more is learned of the words alone than of all captions.
    private (Tensor Word, Tensor Pooled)? Imagined() => Model.Imagining is null ? null : (movesLast ? alone + Moved()[^1..] : alone, alonePooled);

    private Tensor Alone(PhraseState state) => Model.Read([Model.Base.Tokenizer.EncodeUnpadded(words)], state);

    private Tensor Moved()
    {
        using var scope = NewDisposeScope();
        return ((Sum() - untuned) / positions.Length).MoveToOuterDisposeScope();
    }

    private Tensor Sum()
    {
        using var scope = NewDisposeScope();
        var (text, _) = Model.Encode(captions, captions2);                                          // (27, L, E)
        return positions.Select((position, i) => text[i].narrow(0, position, tokens)).Aggregate((sum, rows) => sum + rows).MoveToOuterDisposeScope();
    }

    // The captions end with the words.
    private int PositionIn(int[] caption, IReadOnlyList<int> words) =>
        settings.TakesFirstOccurrence ? Array.IndexOf(caption, words[0]) : ColourLayout.Find(caption, words).Last();

    private sealed class Encoders : Module
    {
        public Encoders(BaseModel model)
            : base(nameof(ResidualLearner))
        {
            register_module(ModelNetwork.TextEncoder.Name(), model.TextEncoder);
            if (model.SecondTextEncoder is { } second)
            {
                register_module(ModelNetwork.SecondTextEncoder.Name(), second);
            }
        }
    }
}
