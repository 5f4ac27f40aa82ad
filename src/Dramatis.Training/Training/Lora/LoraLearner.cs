using Dramatis.Errors;
using Dramatis.Methods.Lora;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Lora;

/// <summary>What a LoRA is made of.</summary>
internal sealed record LoraOptions
{
    public int Rank { get; init; } = 4;

    /// <summary>α; null: the rank.</summary>
    public double? Alpha { get; init; }

    /// <summary>Whether text encoders have one too.</summary>
    public bool TextEncoder { get; init; }

    /// <summary>Ends of the paths of the UNet's layers that have one.</summary>
    public IReadOnlyList<string> Layers { get; init; } = ["to_q", "to_k", "to_v", "to_out.0"];

    /// <summary>The same for text encoders.</summary>
    public IReadOnlyList<string> TextLayers { get; init; } = ["q_proj", "k_proj", "v_proj", "out_proj"];

    public LoraLayout Layout { get; init; } = LoraLayout.Diffusers;

    /// <summary>Of the start values.</summary>
    public ulong Seed { get; init; }
}

/// <summary>Learns a subject as low-rank changes of attention layers: DreamBooth's loss, LoRA's weights.</summary>
/// <remarks>Weights are merged for each step, W + (α / r) B A: one matrix product a layer, and exactly what painting will use.</remarks>
internal sealed class LoraLearner : SubjectLearner
{
    private readonly LoraOptions options;
    private readonly Layers layers;
    private readonly WeightPatch patch;

    /// <exception cref="InvalidRequestException">No layer has such a name, or the rank makes no sense.</exception>
    public LoraLearner(LearningModel model, LoraOptions options)
        : base(model)
    {
        if (options.Rank < 1)
        {
            throw new InvalidRequestException("rank", $"{options.Rank} is less than 1.");
        }

        this.options = options;
        LoraTarget[] targets = [.. LoraNames.Targets(model.Base).Where(IsLearned)];
        if (targets.Length == 0)
        {
            throw new InvalidRequestException("layers", $"no layer of the model ends in {string.Join(" or ", options.Layers)}; leave the option out.");
        }

        layers = new(targets, options.Rank, options.Seed);
        var factor = (options.Alpha ?? options.Rank) / options.Rank;
        patch = new("the LoRA in training", [.. layers.Pairs.Select(pair => new LowRankChange(pair.Target.Network, pair.Target.Weight, pair.Down, pair.Up, factor))]);
    }

    public override Module Trained => layers;

    /// <summary>The changes as they are now.</summary>
    public IReadOnlyList<LowRankChange> Changes => [.. patch.Changes.Cast<LowRankChange>()];

    public override IReadOnlyList<string> Write(string folder)
    {
        LoraWriter.Write(Path.Combine(folder, LoraWriter.FileName), Changes, options.Layout);
        return [LoraWriter.FileName];
    }

    protected override WeightPatch PatchAt(long step) => patch;

    private bool IsLearned(LoraTarget target) => target.Network == ModelNetwork.UNet
        ? options.Layers.Any(ending => target.Layer.EndsWith($".{ending}", StringComparison.Ordinal))
        : options.TextEncoder && options.TextLayers.Any(ending => target.Layer.EndsWith($".{ending}", StringComparison.Ordinal));

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
