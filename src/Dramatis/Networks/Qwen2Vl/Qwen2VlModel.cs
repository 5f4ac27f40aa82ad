using Dramatis.Tensors;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Qwen2-VL (Wang et al., arXiv 2409.12191) without its head, with the keys of the published files.</summary>
internal sealed class Qwen2VlModel : Module, IEightBitNetwork
{
    private readonly VisionTower visual;
    private readonly LanguageModel model;

    public Qwen2VlModel(Qwen2VlConfig config)
        : base(nameof(Qwen2VlModel))
    {
        visual = new VisionTower(config.Vision);
        model = new LanguageModel(config);
        RegisterComponents();
    }

    public VisionTower Vision => visual;

    public LanguageModel Language => model;
}
