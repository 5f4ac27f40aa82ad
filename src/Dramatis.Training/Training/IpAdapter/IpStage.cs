using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Methods.IpAdapter;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Records;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.IpAdapter;

/// <summary>Trains an IP-Adapter, projector and image projections, on a base that stays as it is (arXiv 2308.06721, section 3).</summary>
/// <param name="model">Belongs to the caller; it is used, not trained.</param>
/// <param name="network">Belongs to the stage.</param>
/// <param name="source">Belongs to the stage.</param>
/// <param name="recompute">Gradient checkpointing.</param>
internal sealed class IpStage(BaseModel model, IpAdapterNetwork network, IIpSource source, bool recompute = false) : AdapterStage(model, recompute)
{
    private readonly PictureEncoder encoder = new(model);
    private readonly LatentPainter painter = new(model.UNet, model.Vae, model.Compute);

    /// <summary>How the finished adapter is stored.</summary>
    public TensorType Stored { get; init; } = TensorType.F32;

    public override string Name => IpAdapterMethod.Name;

    public override Module Networks => network;

    /// <summary>The loss of the same few samples, and what the source says of a few pictures painted.</summary>
    public override IReadOnlyDictionary<string, double> Evaluate(TrainingStep step, string folder)
    {
        var figures = source.Judge(Paint, Path.Combine(folder, $"{Name}-{step.Index:D6}.png"));
        return new Dictionary<string, double>([.. base.Evaluate(step, folder), .. figures]);
    }

    public override void Export(string folder) =>
        new ModelWriter(folder, Stored).Adapter(Name, network.Config.ToJson(), network);

    protected override (DenoisingBatch Batch, ConditioningSession Session) Open(long first, int count, bool isExam)
    {
        var inputs = isExam ? source.MakeExam(first, count) : source.Make(first, count);
        using (inputs.References)
        {
            return (inputs.Picture, inputs.References.Open(network));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private IReadOnlyList<Picture> Paint(IpPreview preview)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var session = preview.References.Open(network, hasNegativeRows: true);
        var rows = preview.Seeds.Count;
        var (text, pooled) = encoder.Text("");
        var both = new EncodedText(
            cat([text.expand(rows, -1, -1), preview.Text]),
            pooled is null ? null : cat([pooled.expand(rows, -1), preview.Pooled!]));
        return painter.Paint(PreviewRun.Of(Model, preview.Side, session), both, preview.Seeds);
    }
}
