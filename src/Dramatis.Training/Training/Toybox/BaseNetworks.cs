using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Training.Diffusion;
using Dramatis.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.Toybox;

/// <summary>Everything that the base training trains, as one module: its forward pass is the loss.</summary>
/// <remarks>Shapes: as in <see cref="DenoisingBatch"/> and <see cref="BaseReferences"/>; T features of width F a reference, Q tokens of width E.</remarks>
internal sealed class BaseNetworks : Module<DenoisingBatch, BaseReferences?, BaseWords?, TrainingLoss>
{
    private readonly UNet unet;
    private readonly ClipTextEncoder text_encoder;
    private readonly ClipVisionEncoder image_encoder;
    private readonly MsDiffusionAdapter adapter;
    private readonly PostfuseNetwork? postfuse;
    private readonly DenoisingLoss denoising;
    private readonly BaseRecipe recipe;
    private readonly Func<Tensor, Tensor>? encode;
    private readonly int side;

    /// <param name="recipe">How strongly words are held, and what shown words count; null for the usual.</param>
    /// <param name="vae">Encodes the collage of an adapter that has one; stays the caller's.</param>
    public BaseNetworks(BaseConfigs configs, ForwardProcess process, BaseRecipe? recipe = null, AutoencoderKL? vae = null)
        : base(nameof(BaseNetworks))
    {
        encode = vae is null ? null : vae.LikelyLatents;
        side = vae is null ? 0 : configs.UNet.SampleSize!.Value * vae.Config.Factor;
        this.recipe = recipe ?? new();
        unet = new UNet(configs.UNet);
        denoising = new DenoisingLoss(unet, process);
        text_encoder = new ClipTextEncoder(configs.Text);
        image_encoder = new ClipVisionEncoder(configs.Vision);
        adapter = new MsDiffusionAdapter(configs.Adapter, unet.Sites);
        postfuse = configs.Postfuse is { } sizes ? new PostfuseNetwork(sizes) : null;
        RegisterComponents();
    }

    public UNet UNet => unet;

    public ClipTextEncoder TextEncoder => text_encoder;

    public ClipVisionEncoder ImageEncoder => image_encoder;

    public MsDiffusionAdapter Adapter => adapter;

    /// <summary>Null for a model without FastComposer.</summary>
    public PostfuseNetwork? Postfuse => postfuse;

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
            else if (network == adapter && adapter.Collage is not null && MsDiffusionConfig.Parse(part.ReadConfig(), part.ConfigPath) is { Collage: null } before)
            {
                GrownAdapter.TakeWithoutCollage(adapter, before, unet.Sites, weights);
            }
            else
            {
                Checkpoint.LoadInto(network, weights);
            }
        }

        if (postfuse is not null)
        {
            StartPostfuse(Path.Combine(folder, ModelFolder.AdapterName(FastComposerMethod.Name)));
        }
    }

    /// <summary>Writes what <see cref="LoadFrom"/> takes over.</summary>
    public void WriteTo(ModelWriter writer)
    {
        writer.Network(ModelNetwork.UNet, unet.Config.ToJson(), unet);
        writer.Network(ModelNetwork.TextEncoder, text_encoder.Config.ToJson(), text_encoder);
        writer.Network(ModelNetwork.ImageEncoder, image_encoder.Config.ToJson(), image_encoder);
        writer.Adapter(MsDiffusionMethod.Name, adapter.Config.ToJson(), adapter);
    }

    /// <summary>The denoising loss by the cells' weights, and how far shown words are from what they should mean.</summary>
    /// <param name="batch">
    /// Belongs to the loss from now on. It may show each order several times, one after another: its ids, the references and the words are of each once.
    /// </param>
    public override TrainingLoss forward(DenoisingBatch batch, BaseReferences? references, BaseWords? words)
    {
        using var scope = NewDisposeScope();
        var (text, meaning) = Read(batch.Ids!, words?.Shown);
        var orders = text.shape[0];
        var draws = batch.Latents.shape[0] / orders;
        var session = CombinedSession.Of(
            references is null ? ConditioningSession.None : Open(references, orders, draws),
            words is null ? ConditioningSession.None : Hold(words, draws),
            meaning is null ? ConditioningSession.None : new AddedTerm(new("meaning", meaning, recipe.MeaningWeight)));
        return denoising.Of(batch, session, text.repeat_interleave(draws, 0));
    }

    /// <summary>Encodes captions (B, L, E), pictures in the place of some of their words.</summary>
    /// <returns>
    /// The text, and the squared distance of shown words from those that mean the same, as a share of how long these are, by orders; null for a model
    /// without FastComposer.
    /// </returns>
    public (Tensor Text, Tensor? Meaning) Read(Tensor ids, BaseShownWords? shown)
    {
        using var scope = NewDisposeScope();
        var text = text_encoder.forward(ids).LastHiddenState;
        if (postfuse is null || shown is null)
        {
            return (text.MoveToOuterDisposeScope(), postfuse is null ? null : tensor(0f).MoveToOuterDisposeScope());
        }

        var names = text_encoder.forward(shown.Names).LastHiddenState[arange(shown.Last.shape[0], device: ids.device), shown.Last].detach();    // (M, E)
        var fused = postfuse.forward(text[shown.Tokens], image_encoder.forward(shown.Pixels).Embedding);
        var apart = (fused - names).square().sum(-1) / names.square().sum(-1).mean();
        return (
            text.masked_scatter(shown.Tokens.unsqueeze(-1), fused).MoveToOuterDisposeScope(),
            (apart.sum() / ids.shape[0]).MoveToOuterDisposeScope());
    }

    /// <summary>Holds words in their places.</summary>
    /// <param name="draws">Rows of the session for each order.</param>
    public ConditioningSession Hold(BaseWords words, long draws = 1) => new BoundWordsSession(
        words.Words.repeat_interleave(draws, 0),
        words.Places.repeat_interleave(draws, 0),
        [.. Enumerable.Repeat(new Influence(), words.Most)],
        new(Constant: recipe.BoundBy));

    /// <summary>Encodes references and opens a session on them.</summary>
    /// <param name="orders">B.</param>
    /// <param name="draws">Rows of the session for each order.</param>
    public ConditioningSession Open(BaseReferences references, long orders, long draws = 1)
    {
        using var scope = NewDisposeScope();
        var features = image_encoder.forward(ClipPixels.Normalise(references.Pixels)).LastHiddenState;       // (M, T, F)
        var phrases = text_encoder.forward(references.Phrases).Pooled;                                       // (M, P)
        var tokens = adapter.forward(features, phrases, references.Places, null);                            // (M, Q, E)
        return adapter.Open(
            Spread(tokens).repeat_interleave(draws, 0), Spread(references.Places).repeat_interleave(draws, 0), laid: LaidOf(references, orders, draws));

        Tensor Spread(Tensor values) => MsDiffusionAdapter.Spread(values, references.Slots, orders, references.LargestCast);
    }

    private LaidReferences? LaidOf(BaseReferences references, long orders, long draws)
    {
        if (encode is null || adapter.Collage is null || !references.Laid.Contains(true))
        {
            return null;
        }

        var laid = references.Laid.Index().Where(item => item.Item).Select(item => item.Index).ToArray();
        var slots = references.Slots.to(CPU).data<long>().ToArray();
        var which = tensor(laid.Select(i => (long)i).ToArray(), device: references.Pixels.device);
        return new()
        {
            Pixels = references.Pixels.index_select(0, which),
            Places = references.Places.index_select(0, which),
            Pictures = [.. laid.Select(i => (int)(slots[i] / references.LargestCast))],
            Subjects = [.. laid.Select(i => (int)(slots[i] % references.LargestCast))],
            Rows = [.. Enumerable.Range(0, (int)(orders * draws)).Select(row => row / (int)draws)],
            Size = new(side, side),
            Encode = encode,
        };
    }

    // What a folder has of FastComposer, or a start that answers with states of usual size.
    private void StartPostfuse(string folder)
    {
        if (Directory.Exists(folder))
        {
            using var weights = ModelPart.OpenWeights(folder);
            Checkpoint.LoadInto(postfuse!, weights, prefix: FastComposerFile.PostfusePrefix);
            return;
        }

        using var scope = NewDisposeScope();
        using var off = no_grad();
        var states = text_encoder.forward(arange(text_encoder.Config.Vocabulary).view(-1, 1)).LastHiddenState.flatten(0, 1);
        var norm = postfuse!.state_dict();
        norm["layer_norm.weight"].copy_(states.std(0));
        norm["layer_norm.bias"].copy_(states.mean([0]));
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

    private sealed class AddedTerm(LossPart term) : ConditioningSession, ILossTerms
    {
        public IReadOnlyList<LossPart> Terms() => [term];
    }
}
