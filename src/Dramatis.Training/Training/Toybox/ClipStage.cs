using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Teaches text and vision encoder that a name and a picture of the same subject belong together.</summary>
/// <remarks>An optional start for the base training, which trains both encoders further.</remarks>
internal sealed class ClipStage : TrainingStage
{
    private const uint PairStream = 0xC11F;
    private const uint ExamStream = 0xC1EA;

    private readonly SubjectBank bank;
    private readonly ReferenceMaker references;
    private readonly ClipTokenizer tokenizer = ToyboxSizes.Tokenizer();
    private readonly ContrastiveNetworks networks;
    private readonly ulong seed;

    public ClipStage(SubjectBank bank, Backgrounds backgrounds, ulong seed)
    {
        this.bank = bank;
        this.seed = seed;
        references = new(bank, backgrounds);
        networks = new ContrastiveNetworks(ToyboxSizes.Base.Text, ToyboxSizes.Base.Vision);
    }

    public override string Name => "clip";

    public override Module Networks => networks;

    public override TrainingLoss Loss(TrainingShare share)
    {
        using var scope = NewDisposeScope();
        var pairs = Enumerable.Range(0, share.Count).Select(i =>
        {
            var random = new StableRandom(seed, share.First + i, PairStream);
            return (Subject: bank.Seen[random.Below(bank.Seen.Count)], Random: random);
        }).ToArray();
        var subjects = tensor(pairs.Select(pair => (long)pair.Subject).ToArray());
        return new([new("contrastive", networks.forward(Pictures(pairs), Names(pairs.Select(pair => pair.Subject)), subjects))]);
    }

    /// <summary>Shows a new view of each common subject: which of their names is the nearest?</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var shown = bank.Common.Select((subject, i) => (subject, new StableRandom(seed, i, ExamStream))).ToArray();
        var likeness = networks.Likeness(Pictures(shown), Names(bank.Common));
        var better = likeness.gt(likeness.diag().unsqueeze(-1)).sum(1);
        return new Dictionary<string, double>
        {
            ["right_name"] = better.lt(1).to(float32).mean().item<float>(),
            ["right_name_top5"] = better.lt(5).to(float32).mean().item<float>(),
        };
    }

    public override void Export(string folder)
    {
        var writer = new ModelWriter(folder);
        writer.Network(ModelNetwork.TextEncoder, networks.TextEncoder.Config.ToJson(), networks.TextEncoder);
        writer.Network(ModelNetwork.ImageEncoder, networks.ImageEncoder.Config.ToJson(), networks.ImageEncoder);
        writer.Tokenizer(ModelNetwork.TextEncoder, tokenizer);
    }

    private Tensor Pictures(IReadOnlyList<(int Subject, StableRandom Random)> pairs)
    {
        var side = ToyboxSizes.Base.Vision.Side;
        var pixels = pairs.SelectMany(pair => references.Draw(pair.Subject, View.Draw(pair.Random), Margins.None, side, pair.Random)).ToArray();
        return tensor(pixels).view(-1, side, side, 3);
    }

    private Tensor Names(IEnumerable<int> subjects) =>
        TokenIds.Padded([.. subjects.Select(subject => tokenizer.EncodeUnpadded(bank.Subjects[subject].Name))], tokenizer.PaddingId);
}
