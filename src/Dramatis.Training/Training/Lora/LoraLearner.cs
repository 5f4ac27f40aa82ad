using Dramatis.Errors;
using Dramatis.Methods.Lora;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Lora;

/// <summary>Learns a subject as low-rank changes of attention layers: DreamBooth's loss, LoRA's weights.</summary>
/// <remarks>Weights are merged for each step, W + (α / r) B A: one matrix product a layer, and exactly what painting will use.</remarks>
internal sealed class LoraLearner : SubjectLearner
{
    // Those of text encoders that change, where they do.
    private static readonly string[] TextLayers = ["q_proj", "k_proj", "v_proj", "out_proj"];

    private readonly LoraSettings settings;
    private readonly Layers layers;
    private readonly WeightPatch patch;

    /// <param name="seed">Of the start values.</param>
    /// <exception cref="InvalidRequestException">No layer has such a name.</exception>
    public LoraLearner(LearningModel model, LoraSettings settings, ulong seed = 0)
        : base(model)
    {
        this.settings = settings;
        LoraTarget[] targets = [.. LoraNames.Targets(model.Base).Where(IsLearned)];
        if (targets.Length == 0)
        {
            throw new InvalidRequestException(
                "settings.layers", $"no layer of the model ends in {string.Join(" or ", settings.Layers)}; leave the option out.");
        }

        layers = new(targets, settings.Rank, seed);
        var factor = (settings.Alpha ?? settings.Rank) / settings.Rank;
        patch = new("the LoRA in training", [.. layers.Pairs.Select(pair => new LowRankChange(
            pair.Target.Network, pair.Target.Weight, pair.Down, pair.Up, factor))]);
    }

    public override Module Trained => layers;

    /// <summary>The changes as they are now.</summary>
    public IReadOnlyList<LowRankChange> Changes => [.. patch.Changes.Cast<LowRankChange>()];

    public override IReadOnlyList<string> Write(string folder)
    {
        LoraWriter.Write(Path.Combine(folder, LoraWriter.FileName), Changes, settings.Layout);
        return [LoraWriter.FileName];
    }

    protected override WeightPatch PatchAt(long step) => patch;

    private bool IsLearned(LoraTarget target) => target.Network == ModelNetwork.UNet
        ? settings.Layers.Any(ending => target.Layer.EndsWith($".{ending}", StringComparison.Ordinal))
        : settings.TextEncoder && TextLayers.Any(ending => target.Layer.EndsWith($".{ending}", StringComparison.Ordinal));

    // A ~ N(0, 1 / r²) and B = 0: at first nothing changes.
    private sealed class Layers : Module
    {
        public Layers(LoraTarget[] targets, int rank, ulong seed)
            : base(nameof(LoraLearner))
        {
            using var generator = new Generator(seed, CPU);
            Pairs = [.. targets.Select(target => Add(target, rank, generator))];
        }

        public IReadOnlyList<(LoraTarget Target, Parameter Down, Parameter Up)> Pairs { get; }

        private (LoraTarget, Parameter, Parameter) Add(LoraTarget target, int rank, Generator generator)
        {
            using var scope = NewDisposeScope();
            var rest = target.Shape.Skip(1).ToArray();
            var down = Parameter(randn([rank, .. rest], generator: generator) / rank);
            var up = Parameter(zeros([target.Shape[0], rank, .. rest.Skip(1).Select(_ => 1L)]));
            var name = LoraNames.Kohya(target.Network, target.Layer, isOneOfTwo: true);
            register_parameter($"{name}_down", down);
            register_parameter($"{name}_up", up);
            return (target, (Parameter)down.DetachFromDisposeScope(), (Parameter)up.DetachFromDisposeScope());
        }
    }
}
