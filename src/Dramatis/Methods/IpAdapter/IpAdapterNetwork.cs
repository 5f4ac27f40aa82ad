using System.Globalization;
using Dramatis.Conditioning;
using Dramatis.Networks.Projectors;
using Dramatis.Networks.Resampler;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.IpAdapter;

/// <summary>All weights of an IP-Adapter: what makes tokens of a picture, and a second pair of projections for each attention site.</summary>
/// <remarks>
/// Ye et al., arXiv 2308.06721. Field names give the keys of the published files. Shapes: M pictures, B rows, T tokens a picture, E token width.
/// </remarks>
internal sealed class IpAdapterNetwork : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> image_proj;
    private readonly ModuleDict<ImageProjections> ip_adapter;

    public IpAdapterNetwork(IpAdapterConfig config, IReadOnlyList<AttentionSite> sites)
        : base(nameof(IpAdapterNetwork))
    {
        Config = config;
        image_proj = config.Source switch
        {
            TokenSource.Embedding => new EmbeddingProjector(config.FeatureWidth, config.Tokens, config.TokenWidth),
            TokenSource.Features => new FeatureProjector(config.FeatureWidth, config.TokenWidth),
            TokenSource.Resampler => new PerceiverResampler(config.Resampler!),
            _ => throw new ArgumentOutOfRangeException(nameof(config), config.Source, "has no network."),
        };
        ip_adapter = ModuleDict([.. sites.Select(site => (Key(site), new ImageProjections(site, config.TokenWidth)))]);
        Projections = sites.ToDictionary(site => site, site => ip_adapter[Key(site)]);
        RegisterComponents();
    }

    public IpAdapterConfig Config { get; }

    /// <summary>What makes keys and values of the tokens.</summary>
    public IReadOnlyDictionary<AttentionSite, ImageProjections> Projections { get; }

    /// <summary>The tokens (M, T, E) of pictures.</summary>
    /// <param name="features">Embeddings (M, C) or features (M, L, C), as <see cref="IpAdapterConfig.Source"/> says.</param>
    public override Tensor forward(Tensor features) => image_proj.forward(features);

    /// <summary>Tokens that act as one: those of one picture, or of several that show the same.</summary>
    /// <param name="tokens">(B, T, E), negative rows first.</param>
    /// <param name="influence">Times what the adapter's own settings say.</param>
    public ImageTokens Show(Tensor tokens, Influence? influence = null, IRegion? region = null)
    {
        var strengths = Config.Strengths.Expand([.. Projections.Keys]);
        return new()
        {
            Tokens = tokens,
            Projections = Projections,
            Influence = influence ?? Influence.Full,
            StrengthAt = site => strengths[site],
            Region = region,
        };
    }

    /// <summary>The published name of a tensor, whose name in a state of the official training is another one; null for a tensor of the base model.</summary>
    /// <remarks>Newer launchers write tensors that are shared only once: then the projections are found inside the base model alone.</remarks>
    internal static string? PublishedName(string name, IReadOnlyList<AttentionSite> sites)
    {
        const string inside = ".processor.";
        var site = sites.FirstOrDefault(site => name.StartsWith($"unet.{site.Path}{inside}", StringComparison.Ordinal));
        return site is not null ? $"ip_adapter.{Key(site)}.{name[($"unet.{site.Path}{inside}".Length)..]}"
            : name.StartsWith("unet.", StringComparison.Ordinal) ? null
            : Renamed("image_proj_model.", "image_proj.") ?? Renamed("adapter_modules.", "ip_adapter.") ?? name;

        string? Renamed(string from, string to) => name.StartsWith(from, StringComparison.Ordinal) ? to + name[from.Length..] : null;
    }

    private static string Key(AttentionSite site) => site.LayerNumber.ToString(CultureInfo.InvariantCulture);
}
