using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Conditioning;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.IpAdapter;

/// <summary>IP-Adapter on a base model: references to tokens, tokens to a session.</summary>
/// <remarks>Shapes: n references of a subject, T tokens each, E token width.</remarks>
internal sealed class IpAdapterMethod : ILoadedMethod
{
    public const string Name = "ip-adapter";

    public const MethodReads Reads =
        MethodReads.SeveralReferences | MethodReads.ReferenceMasks | MethodReads.Window | MethodReads.Place | MethodReads.PlaceMask;

    private readonly ClipVisionEncoder imageEncoder;
    private readonly IpAdapterNetwork network;
    private readonly ReferenceEncoder references;
    private readonly Tensor nothing;    // (1, T, E), what negative rows see: it depends on the weights alone

    private IpAdapterMethod(ClipVisionEncoder imageEncoder, IpAdapterNetwork network)
    {
        this.imageEncoder = imageEncoder;
        this.network = network;
        references = new ReferenceEncoder(imageEncoder, network.Config);
        using var scope = NewDisposeScope();
        nothing = network.forward(references.EncodeNothing(rows: 1)).detach().DetachFromDisposeScope();
    }

    /// <summary>Loads what the model has: weights, perhaps settings, and perhaps an encoder of its own.</summary>
    public static ILoadedMethod Load(BaseModel model)
    {
        var part = model.Folder.Adapter(Name);
        using var weights = part.OpenWeights();
        return Load(model, weights, part.Settings());
    }

    /// <summary>Loads a published file that stands alone.</summary>
    public static ILoadedMethod Load(BaseModel model, string path)
    {
        using var weights = TensorArchive.Open(path);
        return Load(model, weights, null);
    }

    /// <summary>The network of a file for a base model.</summary>
    /// <exception cref="InvalidCheckpointException">The file is no IP-Adapter, or of another base model.</exception>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public static IpAdapterNetwork LoadNetwork(TensorArchive weights, ConfigReader? settings, Networks.UNet.UNet unet, ModelLoading? loading = null)
    {
        using var published = new RenamedArchive(weights, name => IpAdapterNetwork.PublishedName(name, unet.Sites));
        var config = IpAdapterConfig.Read(published, settings);
        if (config.TokenWidth != unet.Config.TextWidth)
        {
            throw new InvalidCheckpointException(
                weights.Path,
                $"is an adapter for {CheckpointKind.Of(published)?.Fits}: its tokens are {config.TokenWidth} wide, but the text of this model is "
                + $"{unet.Config.TextWidth}. Use an adapter for this model's family.");
        }

        config.Strengths.Expand(unet.Sites);
        return Checkpoint.Load(() => new IpAdapterNetwork(config, unet.Sites), published, loading: loading);
    }

    public ConditioningSession Open(MethodOrder order)
    {
        using var scope = NewDisposeScope();
        return new ImageTokenSession(
        [
            .. order.Cast.Where(member => member.Subject.Strength > 0).Select(member => network.Show(
                Tokens(member, order.HasNegativeRow),
                member.Influence,
                member.Mask ?? (member.Subject.Place is null ? null : RegionMask.Of(member.Place, order.Size)))),
        ]);
    }

    public void Dispose()
    {
        nothing.Dispose();
        imageEncoder.Dispose();
        network.Dispose();
    }

    private static IpAdapterMethod Load(BaseModel model, TensorArchive weights, ConfigReader? settings)
    {
        var network = LoadNetwork(weights, settings, model.UNet, model.Folder.Loading);
        var encoder = ModelFolder.LoadImageEncoder(model.Folder.EncoderFor(Name));
        if (new ReferenceEncoder(encoder, network.Config).Misfit() is not { } problem)
        {
            return new(encoder, network);
        }

        network.Dispose();
        encoder.Dispose();
        throw new InvalidCheckpointException(weights.Path, problem);
    }

    // All references of a subject share one softmax: (1, n T, E), or (2, n T, E) with the negative row; averaged they are one reference.
    private Tensor Tokens(CastMember member, bool hasNegativeRow)
    {
        using var scope = NewDisposeScope();
        var read = references.Encode(member.References);
        var shown = network.Config.Several == SeveralPictures.Average ? read.mean([0], keepdim: true) : read;
        var tokens = network.forward(shown).flatten(0, 1).unsqueeze(0);
        var rows = hasNegativeRow ? cat([nothing.repeat(1, shown.shape[0], 1), tokens]) : tokens;
        return rows.MoveToOuterDisposeScope();
    }
}
