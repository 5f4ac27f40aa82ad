using Dramatis.Errors;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.DreamBooth;

/// <summary>Learns a subject by fine-tuning the whole denoiser (Ruiz et al., 2023).</summary>
internal sealed class DreamBoothLearner : SubjectLearner
{
    private readonly DreamBoothSettings settings;
    private readonly Networks networks;

    /// <param name="model">Its own weights are trained.</param>
    /// <exception cref="InvalidRequestException">The model is a single file, which what is learned cannot be written as.</exception>
    public DreamBoothLearner(LearningModel model, DreamBoothSettings settings)
        : base(model)
    {
        if (!Directory.Exists(model.Base.Folder.Path))
        {
            throw new InvalidRequestException(
                "model", $"{model.Base.Folder.Path} is a single file, but DreamBooth writes a whole model in the layout of diffusers; begin with one in that "
                    + "layout.");
        }

        this.settings = settings;
        networks = new(model.Base, settings.TextEncoder);
        Train(networks);
    }

    public override Module Trained => networks;

    /// <summary>Writes a whole model: the trained networks, and everything else of the base model as it is.</summary>
    public override IReadOnlyList<string> Write(string folder)
    {
        ModelCopy.Write(Model.Base, folder, networks.Kinds);
        return [ModelFolder.IndexName];
    }

    protected override bool OwnsTrained => false;

    protected override WeightPatch? PatchAt(long step) => null;

    // The reference computes weights for the rows of others too, and then multiplies by too many: only the subject's are meant.
    protected override IReadOnlyList<LossPart> Measure(DenoisingBatch batch)
    {
        var weights = settings.MinSnr is { } gamma ? Model.Process.MinSnrWeights(batch.Timesteps.narrow(0, 0, batch.Subjects), gamma) : null;
        var errors = Model.SquaredErrors(batch);
        return SubjectLoss.WithPrior(SubjectLoss.OfSubject(errors, batch, weights), errors, batch, PriorWeight);
    }

    private sealed class Networks : Module
    {
        public Networks(BaseModel model, bool trainsText)
            : base(nameof(DreamBoothLearner))
        {
            Kinds = [.. PatchableNetworks.All.Where(kind => model.NetworkOf(kind) is not null && (kind == ModelNetwork.UNet || trainsText))];
            foreach (var kind in Kinds)
            {
                register_module(kind.Name(), model.NetworkOf(kind)!);
            }
        }

        public IReadOnlyList<ModelNetwork> Kinds { get; }
    }
}
