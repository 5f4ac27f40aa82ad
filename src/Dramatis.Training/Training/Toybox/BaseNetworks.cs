using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Everything that the base training trains, as one module: its forward pass is the loss.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/> and <see cref="BaseReferences"/>; T features of width F a reference, Q tokens of width E.</remarks>
internal sealed class BaseNetworks : Module<DenoisingBatch, BaseReferences?, TrainingLoss>
{
    private readonly UNet unet;
    private readonly ClipTextEncoder text_encoder;
    private readonly ClipVisionEncoder image_encoder;
    private readonly MsDiffusionAdapter adapter;
    private readonly DenoisingLoss denoising;

    public BaseNetworks(BaseConfigs configs, ForwardProcess process)
        : base(nameof(BaseNetworks))
    {
        unet = new UNet(configs.UNet);
        denoising = new DenoisingLoss(unet, process);
        text_encoder = new ClipTextEncoder(configs.Text);
        image_encoder = new ClipVisionEncoder(configs.Vision);
        adapter = new MsDiffusionAdapter(configs.Adapter, unet.Sites);
        RegisterComponents();
    }

    public UNet UNet => unet;

    public ClipTextEncoder TextEncoder => text_encoder;

    public ClipVisionEncoder ImageEncoder => image_encoder;

    public MsDiffusionAdapter Adapter => adapter;

    /// <summary>Whether a weight maps states to states: neither a table nor the first or the last layer of a network.</summary>
    public static bool IsInner(string name) =>
        !name.Contains("embeddings.", StringComparison.Ordinal) && !name.EndsWith("latents", StringComparison.Ordinal)
        && !name.Contains(".conv_in.", StringComparison.Ordinal) && !name.Contains(".conv_out.", StringComparison.Ordinal);

    /// <summary>Takes over what a model folder has of these networks; a denoiser may have one level less, an image encoder smaller patches.</summary>
    /// <exception cref="ModelNotFoundException">It has none of them.</exception>
    /// <exception cref="WeightMismatchException">One is of another size.</exception>
    public void LoadFrom(string folder)
    {
        (string Name, Module Network)[] parts =
        [
            (ModelNetwork.UNet.Name(), unet), (ModelNetwork.TextEncoder.Name(), text_encoder), (ModelNetwork.ImageEncoder.Name(), image_encoder),
            (ModelFolder.AdapterName(MsDiffusionMethod.Name), adapter),
        ];
        var found = parts.Where(part => Directory.Exists(Path.Combine(folder, part.Name))).ToArray();
        if (found.Length == 0)
        {
            throw new ModelNotFoundException(
                folder, $"holds none of {string.Join(", ", parts.SkipLast(1).Select(part => part.Name))} and {parts[^1].Name}.");
        }

        var smaller = SmallerUNet(folder);
        foreach (var (name, network) in found)
        {
            var part = ModelPart.Open(Path.Combine(folder, name));
            using var weights = part.OpenWeights();
            if (network == unet && smaller is not null)
            {
                GrownUNet.Take(unet, weights);
            }
            else if (network == adapter && smaller is not null)
            {
                using var before = new UNet(smaller);
                GrownAdapter.Take(adapter, weights, before.Sites, unet.Sites);
            }
            else if (network == image_encoder && ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath) is var config && GrownVision.IsLargerThan(config, image_encoder.Config))
            {
                GrownVision.Take(image_encoder, config, weights);
            }
            else
            {
                Checkpoint.LoadInto(network, weights);
            }
        }
    }

    /// <summary>The denoising loss by the cells' weights.</summary>
    /// <param name="batch">Belongs to the loss from now on. It may show each order several times, one after another: its ids, and the references, are of each once.</param>
    public override TrainingLoss forward(DenoisingBatch batch, BaseReferences? references)
    {
        using var scope = NewDisposeScope();
        var text = text_encoder.forward(batch.Ids!).LastHiddenState;
        var draws = batch.Latents.shape[0] / text.shape[0];
        var session = references is null ? ConditioningSession.None : Open(references, text.shape[0], draws);
        return denoising.Of(batch, session, text.repeat_interleave(draws, 0));
    }

    /// <summary>Encodes references and opens a session on them.</summary>
    /// <param name="orders">B.</param>
    /// <param name="draws">Rows of the session for each order.</param>
    public ConditioningSession Open(BaseReferences references, long orders, long draws = 1)
    {
        using var scope = NewDisposeScope();
        var features = image_encoder.forward(ClipPixels.Normalise(references.Pixels)).LastHiddenState;       // (M, T, F)
        var phrases = text_encoder.forward(references.Phrases).Pooled;                                       // (M, P)
        var tokens = adapter.forward(features, phrases, references.Places, null);                            // (M, Q, E)
        return adapter.Open(Spread(tokens).repeat_interleave(draws, 0), Spread(references.Places).repeat_interleave(draws, 0));

        Tensor Spread(Tensor values) => MsDiffusionAdapter.Spread(values, references.Slots, orders, references.LargestCast);
    }

    // Null for a denoiser that has not to grow, and for none.
    private UNetConfig? SmallerUNet(string folder)
    {
        var path = Path.Combine(folder, ModelNetwork.UNet.Name());
        return Directory.Exists(path) && ModelPart.Open(path) is var part
            && UNetConfig.Parse(part.ReadConfig(), part.ConfigPath) is var config && GrownUNet.IsLargerThan(config, unet.Config)
            ? config
            : null;
    }
}
