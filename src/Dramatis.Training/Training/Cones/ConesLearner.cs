using Dramatis.Errors;
using Dramatis.Methods.Cones;
using Dramatis.Networks.UNet;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Cones;

/// <summary>Searches the concept neurons of a subject: weights of cross-attention's keys and values whose removal makes the model draw it.</summary>
/// <remarks>
/// Cones (Liu et al., arXiv 2303.05125). A mask M, all ones at first, goes down its gradient, M ← M - ρ ∂L(M ⊙ θ)/∂M; where it has shrunk
/// most, the weights are removed. Descent must be plain: an optimiser that makes all steps alike would forget which gradients were large.
/// </remarks>
internal sealed class ConesLearner : SubjectLearner
{
    private readonly ConesSettings settings;
    private readonly Masks masks = new();
    private readonly IReadOnlyList<MaskedWeight> layers;

    /// <exception cref="InvalidRequestException">The share leaves no weight, or takes all.</exception>
    public ConesLearner(LearningModel model, ConesSettings settings)
        : base(model)
    {
        this.settings = settings;
        var unet = model.Base.UNet.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        layers =
        [
            .. from site in model.Base.UNet.Sites
               from ending in CrossAttention.KeysAndValues
               let name = site.Path + ending
               select new MaskedWeight(ModelNetwork.UNet, name, masks.Add(name, unet[name].shape)),
        ];
        if (settings.Share is not (> 0 and < 1) || Count < 1)
        {
            throw new InvalidRequestException(
                "settings.share", $"{settings.Share} of {layers.Sum(layer => layer.Shift.numel()):N0} weights is not between one and all of them.");
        }
    }

    /// <summary>The mask less 1.</summary>
    public override Module Trained => masks;

    private long Count => (long)Math.Round(settings.Share * layers.Sum(layer => layer.Shift.numel()));

    /// <summary>The neurons as they are now, one change for each layer that has some. Their tensors are the caller's scope's.</summary>
    public IReadOnlyList<SilencedNeurons> Neurons()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var (least, _) = cat([.. layers.Select(layer => layer.Shift.flatten())]).topk((int)Count, largest: false);
        var threshold = least.max();    // what did not shrink does not count, however few are left
        return
        [
            .. layers
                .Select(layer => new SilencedNeurons(
                    ModelNetwork.UNet, layer.Weight, layer.Shift.le(threshold).logical_and(layer.Shift.lt(0)).flatten().nonzero().flatten()))
                .Where(layer => layer.Indices.numel() > 0)
                .Select(layer => layer with { Indices = layer.Indices.MoveToOuterDisposeScope() }),
        ];
    }

    public override IReadOnlyList<string> Write(string folder)
    {
        using var scope = NewDisposeScope();
        ConesFile.Write(Path.Combine(folder, ConesFile.FileName), Neurons(), Model.Base.UNet.Config.TextWidth);
        return [ConesFile.FileName];
    }

    protected override WeightPatch PatchAt(long step) => new("the mask in search", layers);

    protected override WeightPatch LearnedAt(long step) => new("the neurons so far", Neurons());

    private sealed class Masks() : Module(nameof(ConesLearner))
    {
        public Parameter Add(string name, long[] shape)
        {
            using var scope = NewDisposeScope();
            var shift = (Parameter)Parameter(zeros(shape)).DetachFromDisposeScope();
            register_parameter(name.Replace('.', '_'), shift);
            return shift;
        }
    }
}
