using Dramatis.Networks.Clip;
using Dramatis.Networks.Prior;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>A new text encoder whose states are spread: the last word of a name says what the image encoder sees of its subject.</summary>
/// <remarks>
/// A text encoder that learned beside a denoiser with references has states that hardly differ from name to name, so cross-attention cannot tell
/// which it reads. All other states are to be what they are in the old one. Shapes: N names, B captions, L tokens, W width of the text.
/// </remarks>
internal sealed class TextStage : TrainingStage
{
    private const uint CaptionStream = 0x7E87;

    /// <summary>What states that are to be the old ones cost, each part as a share of how far those lie from their mean.</summary>
    private const double HeldWeight = .1;

    /// <summary>Captions as long as the denoiser reads them; the others are cut behind the longest.</summary>
    private const double FullLength = .06;

    private const int MostNames = 6;

    private const double NoSceneWords = .3;

    private readonly SubjectBank bank;
    private readonly ModelFolder model;
    private readonly ulong seed;
    private readonly ClipTokenizer tokenizer;
    private readonly ClipTextEncoder text;
    private readonly ClipTextEncoder before;
    private readonly TextCaptions captions;
    private readonly Tensor codes;      // (N, W), of all of those

    /// <summary>Weights between states; the tables of words and places are learned row by row.</summary>
    public static bool IsInner(string name) => !name.Contains("embeddings.", StringComparison.Ordinal);

    /// <param name="model">With text encoder, image encoder and MS-Diffusion.</param>
    public TextStage(SubjectBank bank, ModelFolder model, ulong seed)
    {
        this.bank = bank;
        this.model = model;
        this.seed = seed;
        tokenizer = model.LoadTokenizer();
        captions = new(bank, tokenizer);
        before = model.LoadTextEncoder();
        text = new ClipTextEncoder(before.Config);
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var vision = model.LoadImageEncoder();
        var features = NameFeatures.See(vision, [.. bank.Seen.Select(subject => bank.Cutouts[subject])], NameFeatures.ArePenultimate(model));
        codes = PictureCodes.Of(features, NamesAlone(before).mean([0]), seed).DetachFromDisposeScope();
        StartAround(codes);
    }

    public override string Name => "text";

    public override Module Networks => text;

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["text"] = model.Part(ModelNetwork.TextEncoder).Fingerprint(),
        ["vision"] = model.Part(ModelNetwork.ImageEncoder).Fingerprint(),
    };

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var ofShare = new StableRandom(seed, share.First, CaptionStream + 1);
        var (isFull, count) = (ofShare.Chance(FullLength), 1 + ofShare.Below(MostNames));
        TextCaption[] drawn = [.. Enumerable.Range(0, share.Count).Select(i => Draw(share.First + i, count))];
        var ids = isFull
            ? TokenIds.Of([.. drawn.Select(caption => tokenizer.Encode(caption.Text))])
            : TokenIds.Padded([.. drawn.Select(caption => tokenizer.EncodeUnpadded(caption.Text))], tokenizer.PaddingId);
        var features = text.forward(ids);
        var (held, heldPooled) = Before(ids);
        var length = ids.shape[1];
        var at = drawn.SelectMany((caption, row) => caption.Names.Select(name => (row * length) + name.Token)).ToArray();
        var wanted = codes[tensor(drawn.SelectMany(caption => caption.Names).Select(name => name.Number).ToArray())];
        var states = features.LastHiddenState.flatten(0, 1);                                           // (B L, W)
        var names = tensor(at);
        var others = ones(states.shape[0]).index_fill(0, names, 0);
        var drift = (states - held.flatten(0, 1)).square().sum(-1);
        var spread = held.flatten(0, 1).var(0).sum();
        return new(
        [
            new("codes", (states[names] - wanted).square().sum(-1).mean() / (PictureCodes.Length * PictureCodes.Length)),
            new("held", (drift * others).sum() / others.sum() / spread, HeldWeight),
            new("pooled", (features.Pooled - heldPooled).square().sum(-1).mean() / spread, HeldWeight),
        ]);
    }

    /// <summary>Reads each name alone and behind another: is its own code the nearest?</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var states = NamesAlone(text);
        return new Dictionary<string, double>
        {
            ["right_of_all"] = Right(states),
            ["right_of_common"] = Right(states, captions.Common),
            ["right_behind_another"] = Right(NamesBehind()),
            ["dimensions"] = EffectiveDimensions.Of(states),
        };
    }

    public override void Export(string folder)
    {
        var writer = new ModelWriter(folder);
        writer.Network(ModelNetwork.TextEncoder, text.Config.ToJson(), text);
        writer.Tokenizer(ModelNetwork.TextEncoder, tokenizer);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            before.Dispose();
            codes.Dispose();
        }
    }

    // Its first states are as long as those that it will have.
    private void StartAround(Tensor states)
    {
        var norm = text.state_dict();
        norm["text_model.final_layer_norm.weight"].fill_(states.std(0).mean().item<float>());
        norm["text_model.final_layer_norm.bias"].copy_(states.mean([0]));
    }

    // (B, L, W) and (B, W)
    private (Tensor States, Tensor Pooled) Before(Tensor ids)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var features = before.forward(ids);
        return (features.LastHiddenState.MoveToOuterDisposeScope(), features.Pooled.MoveToOuterDisposeScope());
    }

    private TextCaption Draw(long item, int count) => captions.Draw(new(seed, item, CaptionStream), count, NoSceneWords, alone: .5);

    private Tensor NamesAlone(ClipTextEncoder encoder) => NameFeatures.Read(encoder, tokenizer, [.. captions.Names], PhraseState.Word);

    private Tensor NamesBehind() => NameFeatures.Read(text, tokenizer, [.. bank.Seen.Select((subject, i) =>
    {
        var random = new StableRandom(seed, i, CaptionStream + 2);
        return Captions.Write([(captions.NameOf(bank.Seen[random.Below(bank.Seen.Count)]), 1), (captions.NameOf(subject), 1)], "");
    })], PhraseState.Word);

    private double Right(Tensor states, IReadOnlyList<int>? of = null)
    {
        using var scope = NewDisposeScope();
        var right = cdist(states, codes).argmin(1).eq(arange(states.shape[0])).to(float32);
        return (of is null ? right : right[tensor(of.Select(number => (long)number).ToArray())]).mean().item<float>();
    }
}
