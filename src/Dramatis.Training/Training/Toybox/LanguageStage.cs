using Dramatis.Networks.Clip;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Teaches a small Qwen2-VL to say what it sees: the next token of a picture's caption, as multimodal language models begin.</summary>
/// <remarks>
/// It knows nothing before, neither words nor pictures. The head that names the next token is the table of tokens. Shapes: B pictures, P rows of
/// the question, A of the longest answer, C width, V vocabulary.
/// </remarks>
internal sealed class LanguageStage : TrainingStage
{
    private const uint Stream = 0x1A4E;
    private const int ExamPictures = 64;

    // Single subjects as references show them; the others are scenes.
    private const double References = .5;

    private readonly SubjectBank bank;
    private readonly ulong seed;
    private readonly SmallQwen small;
    private readonly Qwen2VlModel network;
    private readonly ReferenceMaker references;
    private readonly SceneMaker scenes;
    private readonly QwenMessage question;

    /// <summary>Weights between states: neither the table of tokens nor what reads pixels.</summary>
    public static bool IsInner(string name) =>
        !name.Contains("embed_tokens", StringComparison.Ordinal) && !name.Contains("patch_embed", StringComparison.Ordinal);

    public LanguageStage(SubjectBank bank, ulong seed)
    {
        this.bank = bank;
        this.seed = seed;
        small = SmallQwen.For(bank);
        network = new(small.Config);
        var options = new SceneOptions { Side = SmallQwen.Side };
        references = new(bank, SceneOptions.Lit.Grounds(seed), onClutter: .25);
        scenes = new(bank, options.Grounds(seed), seed, options);
        question = small.Chat.Say([VisionPatches.TokensOf(Grid)], SmallQwen.Question);
    }

    public override string Name => "language-model";

    public override Module Networks => network;

    private static Grid Grid { get; } = VisionPatches.GridOf(new(SmallQwen.Side, SmallQwen.Side), SmallQwen.Side);

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var (logits, wanted) = Answers([.. Enumerable.Range(0, share.Count).Select(i => Draw(share.First + i, seed))]);
        return new([new("tokens", functional.cross_entropy(logits, wanted))]);
    }

    /// <summary>How sure, and how often right, it is of each next token of what it has not seen.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (logits, wanted) = Answers([.. Enumerable.Range(0, ExamPictures).Select(i => Draw(i, ExamSeed))]);
        return new Dictionary<string, double>
        {
            ["exam_loss"] = functional.cross_entropy(logits, wanted).item<float>(),
            ["right_tokens"] = logits.argmax(1).eq(wanted).to(float32).mean().item<float>(),
        };
    }

    public override void Export(string folder) => small.Write(new(folder), network);

    // Logits (N, V) and ids (N) of all tokens of all answers.
    private (Tensor Logits, Tensor Wanted) Answers(IReadOnlyList<(byte[] Rgb, string Caption)> shown)
    {
        int[][] answers = [.. shown.Select(item => (int[])[.. small.Tokenizer.EncodeWords(item.Caption), small.EndId])];
        var longest = answers.Max(answer => answer.Length);
        var ids = TokenIds.Of([.. answers.Select(answer =>
            (int[])[.. question.Ids, .. answer, .. Enumerable.Repeat(small.Chat.PaddingId, longest - answer.Length)])]);
        var pixels = ClipPixels.Normalise(tensor(shown.SelectMany(item => item.Rgb).ToArray()).view(-1, SmallQwen.Side, SmallQwen.Side, 3));
        var patches = cat([.. Enumerable.Range(0, shown.Count).Select(i => VisionPatches.Cut(pixels[i]))]);
        var seen = network.Vision.forward(patches, [.. shown.Select(_ => Grid)]).view(shown.Count, -1, small.Config.Width);
        var span = question.Pictures[0];
        var rows = network.Language.Embed(ids);
        rows = cat([rows.narrow(1, 0, span.Start), seen, rows.narrow(1, span.End, ids.shape[1] - span.End)], dim: 1);

        // What pads comes after all that is asked, and causal attention does not look ahead.
        var length = (int)ids.shape[1];
        var states = network.Language.Read(rows, Rotation.Plain(small.Config, 0, length, CPU), RowMask.Causal(length, 0, CPU, float32));
        var before = states.narrow(1, question.Ids.Count - 1, longest);                                // (B, A, C)
        var there = tensor(answers.SelectMany(answer => Enumerable.Range(0, longest).Select(i => i < answer.Length)).ToArray()).view(shown.Count, longest);
        return (network.Language.Logits(before[there]), ids.narrow(1, question.Ids.Count, longest)[there]);
    }

    private (byte[] Rgb, string Caption) Draw(long item, ulong from)
    {
        var random = new StableRandom(from, item, Stream);
        if (random.Chance(References))
        {
            var subject = random.Pick(bank.Seen);
            return (references.Draw(subject, View.Draw(random), Margins.None, SmallQwen.Side, random), Captions.WithArticle(bank.Subjects[subject].Name));
        }

        var scene = scenes.Make((long)(random.NextBits() >> 2));
        return (scene.Rgb, scene.Caption);
    }
}
