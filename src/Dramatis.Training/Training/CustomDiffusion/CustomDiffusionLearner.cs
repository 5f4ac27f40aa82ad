using Dramatis.Checkpoints.Kinds;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.CustomDiffusion;

/// <summary>A concept's new word and the row of the vocabulary that it starts as.</summary>
/// <param name="Word">For example <c>&lt;new1&gt;</c>.</param>
/// <param name="StartId">Of the first text encoder; the reference takes a rare token.</param>
internal sealed record ConceptWord(string Word, int StartId);

/// <summary>What Custom Diffusion trains.</summary>
internal sealed record CustomDiffusionOptions
{
    /// <summary>One for each concept that is learned; all are learned together.</summary>
    public required IReadOnlyList<ConceptWord> Words { get; init; }

    /// <summary>Queries and outputs of cross-attention too, not keys and values alone.</summary>
    public bool WholeAttention { get; init; }

    /// <summary>
    /// What decay takes from the vocabulary's old rows at each step: the reference's optimiser shrinks them by learning rate times decay and
    /// saves the new rows alone. 0 leaves them as they are.
    /// </summary>
    public double OldRowDecay { get; init; }
}

/// <summary>Learns concepts as new words and as keys and values of cross-attention (Kumari et al., 2023).</summary>
internal sealed class CustomDiffusionLearner : SubjectLearner
{
    private readonly CustomDiffusionOptions options;
    private readonly Weights weights = new();
    private readonly IReadOnlyList<NewValues> layers;
    private readonly IReadOnlyList<NewWord> words;

    public CustomDiffusionLearner(LearningModel model, CustomDiffusionOptions options)
        : base(model)
    {
        this.options = options;
        var unet = model.Base.UNet.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        layers =
        [
            .. from site in model.Base.UNet.Sites
               from ending in options.WholeAttention ? CrossAttention.AllWeights : CrossAttention.KeysAndValues
               let name = site.Path + ending
               select new NewValues(ModelNetwork.UNet, name, weights.Add(name, unet[name])),
        ];
        words =
        [
            .. from network in ModelNetworks.TextEncoders
               let encoder = model.Base.NetworkOf(network)
               where encoder is not null
               from word in options.Words
               select new NewWord(network, word.Word, weights.Add($"{network.Name()}.{word.Word}", RowOf(encoder, word.StartId))),
        ];
    }

    public override Module Trained => weights;

    /// <summary>The layers as they are now.</summary>
    public IReadOnlyList<NewValues> Layers => layers;

    /// <summary>The words as they are now, one a text encoder and concept.</summary>
    public IReadOnlyList<NewWord> Words => words;

    public override IReadOnlyList<string> Write(string folder) => CustomDiffusionFile.Write(folder, layers, words);

    /// <summary>What the vocabulary's old rows are multiplied with after some steps.</summary>
    public double OldRowsAt(long step) => Math.Pow(1 - options.OldRowDecay, step);

    protected override WeightPatch PatchAt(long step) => new(
        "the concepts in training",
        [.. layers, .. words.Select(word => word with { OldRows = word.Word == options.Words[0].Word ? OldRowsAt(step) : 1 })]);

    // The reference sums over the channels and divides by the mask, which has one: four times the mean.
    protected override IReadOnlyList<LossPart> Measure(DenoisingBatch batch)
    {
        var errors = Model.SquaredErrors(batch, fixesFirstText: true);
        var rows = SubjectLoss.Rows(errors, batch);
        var masks = batch.Masks ?? ones_like(rows.narrow(1, 0, 1));
        var loss = ((rows * masks).sum([1, 2, 3]) / masks.sum([1, 2, 3]).clamp_min(1)).mean();
        return SubjectLoss.WithPrior(loss, errors, batch, PriorWeight);
    }

    private static Tensor RowOf(Module encoder, int id) =>
        encoder.get_parameter(LayerNames.TokenTable)![id..(id + 1)];

    private sealed class Weights() : Module(nameof(CustomDiffusionLearner))
    {
        public Parameter Add(string name, Tensor start)
        {
            using var scope = NewDisposeScope();
            var copy = (Parameter)Parameter(start.detach().clone()).DetachFromDisposeScope();
            register_parameter(name.Replace('.', '_'), copy);
            return copy;
        }
    }
}
