using Dramatis.Networks.Clip;
using Dramatis.Networks.Prior;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Toybox.Grounds;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>A text encoder learns to hear the words of a scene behind six subjects, or before them, as it hears them behind one.</summary>
/// <remarks>
/// A denoiser reads a scene where a caption has ended: the padding there says it, in place of any subject. A text encoder that has seldom heard long
/// captions loses it on the way. Here those states, the scene's own and the caption's end become what they are on average in short captions with the same
/// scene; all others, those of names above all, stay what they are, so that what reads them needs not learn again.
/// Shapes: B captions, L tokens, W width of the text, K kinds of scenes.
/// </remarks>
internal sealed class SceneTextStage : TrainingStage
{
    private const uint CaptionStream = 0x7E89;
    private const uint ShortStream = 0x7E8A;
    private const int MostNames = 6;
    private const int MostNamesOfShort = 3;
    private const int ShortCaptions = 48;    // of each kind
    private const int ExamCaptions = 4;      // of each kind and number of names
    private const double NoSceneWords = .25;
    private const double Alone = .5;         // of lone names: as the phrase of a subject is read
    private const double InFront = .25;

    private readonly ModelFolder model;
    private readonly ulong seed;
    private readonly ClipTokenizer tokenizer;
    private readonly TextCaptions captions;
    private readonly ClipTextEncoder text;
    private readonly ClipTextEncoder before;
    private readonly Tensor padding;         // (K, L, W)
    private readonly Tensor ends;            // (K, W)
    private readonly Tensor scenes;          // (K, most tokens of a scene, W)
    private readonly int firstPadding;       // from here on there is padding in every kind's short captions
    private readonly double spread;          // of the states

    /// <param name="model">Whose text encoder goes on.</param>
    public SceneTextStage(SubjectBank bank, ModelFolder model, ulong seed)
    {
        this.model = model;
        this.seed = seed;
        tokenizer = model.LoadTokenizer();
        captions = new(bank, tokenizer);
        before = model.LoadTextEncoder();
        text = model.LoadTextEncoder();
        (padding, ends, scenes, firstPadding, spread) = HearShort();
    }

    public override string Name => "scenes";

    public override Module Networks => text;

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["text"] = model.Part(ModelNetwork.TextEncoder).Fingerprint(),
    };

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        TextCaption[] drawn = [.. Enumerable.Range(0, share.Count).Select(i => Draw(share.First + i))];
        var ids = TokenIds.Of([.. drawn.Select(caption => tokenizer.Encode(caption.Text))]);
        var states = text.forward(ids).LastHiddenState;                                 // (B, L, W)
        var (wanted, isScene) = Wanted(drawn, Before(ids));
        var isName = At(drawn.SelectMany((caption, row) => caption.Names.Select(name => (row, name.Token))));
        var isEnd = At(drawn.Select((caption, row) => (row, (long)caption.End))) * (1 - isScene);
        var drift = (states - wanted).square().sum(-1) / spread;                         // (B, L)
        return new(
        [
            new("scene", Mean(drift, isScene)),
            new("names", Mean(drift, isName)),
            new("ends", Mean(drift, isEnd)),
            new("others", Mean(drift, (1 - isScene) * (1 - isName) * (1 - isEnd))),
        ]);

        Tensor At(IEnumerable<(int Row, long Token)> places)
        {
            var length = ids.shape[1];
            var at = places.Select(place => (place.Row * length) + place.Token).ToArray();
            return zeros(ids.shape[0] * length).index_fill(0, tensor(at), 1).view(ids.shape);
        }
    }

    /// <summary>Is the scene's own the nearest of the states that paddings of short captions have? Are names what they were?</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var figures = new Dictionary<string, double>();
        foreach (var count in (int[])[1, 2, 4, MostNames])
        {
            figures[$"scene_behind_{count}"] = SceneRight(count, inFront: 0);
        }

        figures["scene_before_2"] = SceneRight(2, inFront: 1);
        var names = captions.Names.ToArray();
        var (words, wordsNow) = (Read(before, PhraseState.Word), Read(text, PhraseState.Word));
        figures["names_right"] = cdist(wordsNow, words).argmin(1).eq(arange(names.Length)).to(float32).mean().item<float>();
        figures["names_drift"] = Drift(words, wordsNow);
        figures["phrases_drift"] = Drift(Read(before, PhraseState.Pooled), Read(text, PhraseState.Pooled));
        return figures;

        Tensor Read(ClipTextEncoder encoder, PhraseState state) => NameFeatures.Read(encoder, tokenizer, names, state);
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
            padding.Dispose();
            ends.Dispose();
            scenes.Dispose();
        }
    }

    private static Tensor Mean(Tensor values, Tensor over) => (values * over).sum() / over.sum().clamp(min: 1);

    // As a share of how far states lie from their mean.
    private static double Drift(Tensor from, Tensor to) => ((to - from).square().sum() / (from - from.mean([0])).square().sum()).item<float>();

    private TextCaption Draw(long item)
    {
        var random = new StableRandom(seed, item, CaptionStream);
        return captions.Draw(random, random.Below(MostNames + 1), NoSceneWords, Alone, InFront);
    }

    // (B, L, W), and 1 where it is not what the state was, but what it is to become (B, L).
    private (Tensor States, Tensor IsScene) Wanted(IReadOnlyList<TextCaption> drawn, Tensor old)
    {
        var (wanted, isScene) = (old.clone(), zeros(old.shape[0], old.shape[1]));
        foreach (var (row, caption) in drawn.Index())
        {
            if (caption.Kind is not { } kind || caption.Scene.IsEmpty || caption.Names.Count == 0)
            {
                continue;
            }

            var (end, length) = (caption.End, (int)old.shape[1]);
            if (caption.Scene.End == end)    // it stands behind the names
            {
                Become(caption.Scene.Start, scenes[kind].narrow(0, 0, caption.Scene.Count));
            }

            Become(end, ends[kind].unsqueeze(0));
            var from = Math.Max(end + 1, firstPadding);
            if (from < length)
            {
                Become(from, padding[kind].narrow(0, from, length - from));
            }

            void Become(int start, Tensor states)
            {
                wanted[row].narrow(0, start, states.shape[0]).copy_(states);
                isScene[row].narrow(0, start, states.shape[0]).fill_(1);
            }
        }

        return (wanted, isScene);
    }

    private Tensor Before(Tensor ids)
    {
        using var off = no_grad();
        return before.forward(ids).LastHiddenState;
    }

    private (Tensor Padding, Tensor Ends, Tensor Words, int FirstPadding, double Spread) HearShort()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (paddings, endings, wordings) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        var (first, sum) = (0, 0.0);
        var most = GroundKinds.Lit.Max(kind => tokenizer.EncodeWords(kind.Words).Count);
        foreach (var kind in Enumerable.Range(0, GroundKinds.Lit.Count))
        {
            var heard = Short(kind).ToArray();
            var states = Before(TokenIds.Of([.. heard.Select(caption => tokenizer.Encode(caption.Text))]));
            int[] at = [.. heard.Select(caption => caption.End)];
            var isPadding = stack([.. at.Select(end => arange(states.shape[1]).gt(end))]).to(float32);
            var counts = isPadding.sum([0]);                                                // (L)
            first = Math.Max(first, at.Min() + 1);
            paddings.Add((states * isPadding.unsqueeze(-1)).sum([0]) / counts.clamp(min: 1).unsqueeze(-1));
            endings.Add(stack([.. at.Select((end, row) => states[row, end])]).mean([0]));
            var count = heard[0].Scene.Count;
            var own = stack([.. at.Select((end, row) => states[row].narrow(0, end - count, count))]).mean([0]);
            wordings.Add(functional.pad(own, [0, 0, 0, most - count]));
            sum += states.flatten(0, 1).var(0).sum().item<float>();
        }

        return (
            stack(paddings).DetachFromDisposeScope(), stack(endings).DetachFromDisposeScope(), stack(wordings).DetachFromDisposeScope(),
            first, sum / GroundKinds.Lit.Count);
    }

    private IEnumerable<TextCaption> Short(int kind) => OfKind(kind, ShortCaptions, random => 1 + random.Below(MostNamesOfShort), 0, ShortStream);

    private double SceneRight(int count, double inFront)
    {
        var right = 0.0;
        foreach (var kind in Enumerable.Range(0, GroundKinds.Lit.Count))
        {
            using var scope = NewDisposeScope();
            var heard = OfKind(kind, ExamCaptions, _ => count, inFront, ShortStream + (uint)count).ToArray();
            var states = text.forward(TokenIds.Of([.. heard.Select(caption => tokenizer.Encode(caption.Text))])).LastHiddenState;
            right += cdist(states[.., ^1], padding[.., ^1]).argmin(1).eq(kind).sum().item<long>();
        }

        return right / (ExamCaptions * GroundKinds.Lit.Count);
    }

    // Captions of one kind whose scene is not cut off.
    private IEnumerable<TextCaption> OfKind(int kind, int number, Func<StableRandom, int> count, double inFront, uint stream) =>
        Enumerable.Range(0, int.MaxValue).Select(i => new StableRandom(seed, ((long)kind << 32) + i, stream))
            .Select(random => captions.Draw(random, count(random), 0, inFront: inFront, kind: kind))
            .Where(caption => !caption.Scene.IsEmpty).Take(number);
}
