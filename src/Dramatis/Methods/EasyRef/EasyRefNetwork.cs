using System.Globalization;
using Dramatis.Conditioning;
using Dramatis.Networks.Projectors;
using Dramatis.Networks.Qwen2Vl;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Methods.EasyRef;

/// <summary>The sizes of an <see cref="EasyRefNetwork"/>, which its checkpoint and the language model's settings say.</summary>
/// <param name="Base">The multimodal language model, whole: its last layer is the <see cref="ReferenceLayer"/>'s.</param>
/// <param name="Tokens">What a group becomes.</param>
/// <param name="TokenWidth">That of the base model's text.</param>
internal sealed record EasyRefSizes(Qwen2VlConfig Base, int Tokens, int TokenWidth);

/// <summary>All weights of EasyRef but those that it changes in the denoiser: a group of pictures and a text to tokens, and keys and values of these.</summary>
/// <remarks>
/// Zong et al., arXiv 2412.09618. Field names give the keys of the published files. Shapes: B batch, L rows, C width, T tokens, E token width.
/// </remarks>
internal sealed class EasyRefNetwork : Module
{
    private readonly Qwen2VlModel multimodal_llm;
    private readonly ReferenceLayer mllm_final_layer;
    private readonly FeatureProjector image_proj_model;
    private readonly ModuleDict<ImageProjections> adapter_modules;

    public EasyRefNetwork(EasyRefSizes sizes, IReadOnlyList<AttentionSite> sites)
        : base(nameof(EasyRefNetwork))
    {
        multimodal_llm = new Qwen2VlModel(sizes.Base with { Layers = sizes.Base.Layers - 1 });
        mllm_final_layer = new ReferenceLayer(sizes.Base, sizes.Tokens);
        image_proj_model = new FeatureProjector(sizes.Base.Width, sizes.TokenWidth);
        adapter_modules = ModuleDict([.. sites.Select(site => (Key(site), new ImageProjections(site, sizes.TokenWidth)))]);
        Projections = sites.ToDictionary(site => site, site => adapter_modules[Key(site)]);
        RegisterComponents();
    }

    public VisionTower Vision => multimodal_llm.Vision;

    public LanguageModel Language => multimodal_llm.Language;

    public ReferenceLayer Final => mllm_final_layer;

    /// <summary>What makes keys and values of the tokens.</summary>
    public IReadOnlyDictionary<AttentionSite, ImageProjections> Projections { get; }

    /// <summary>What the tokens have read (B, T, C), as the denoiser takes it (B, T, E).</summary>
    public Tensor Project(Tensor read) => image_proj_model.forward(read);

    /// <summary>The tokens (B, T, E) of conversations, all at once.</summary>
    /// <param name="rows">With what pictures have in their places (B, L, C).</param>
    /// <param name="isText">0 for padding (B, L), whose places count all the same; null for none.</param>
    public Tensor Encode(Tensor rows, FinalAttention attention = FinalAttention.Causal, Tensor? isText = null)
    {
        using var scope = NewDisposeScope();
        var length = (int)rows.shape[1];
        var rotation = Rotation.Plain(Language.Config, 0, length, rows.device);
        var mask = isText is null ? RowMask.Causal(length, 0, rows.device, rows.dtype) : RowMask.Padded(isText, length, rows.dtype);
        var states = Language.Read(rows, rotation, mask);
        return Project(Final.Read(Final.Project(states, rotation), attention, isText)).MoveToOuterDisposeScope();
    }

    private static string Key(AttentionSite site) => site.LayerNumber.ToString(CultureInfo.InvariantCulture);
}
