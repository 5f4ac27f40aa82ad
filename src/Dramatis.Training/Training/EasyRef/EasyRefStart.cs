using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Methods.EasyRef;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.EasyRef;

/// <summary>What a stage begins with.</summary>
/// <param name="Network">The caller's.</param>
/// <param name="Patch">What the checkpoint makes of the denoiser: its own copy of it, and low-rank changes; the caller's.</param>
internal sealed record EasyRefStart(EasyRefNetwork Network, WeightPatch? Patch)
{
    private const int NewTokens = 64;

    /// <summary>The changes of low rank that an earlier stage has made; null for none.</summary>
    public IReadOnlyList<LowRankChange>? LowRank => Patch?.Changes.OfType<LowRankChange>().ToList() is { Count: > 0 } changes ? changes : null;

    /// <summary>The copy of the denoiser; null for none.</summary>
    public WeightPatch? Copy => Patch?.Changes.OfType<NewValues>().ToList() is { Count: > 0 } values ? new(Patch.Path, values) : null;

    /// <summary>The first stage's: the language model as it is, its last layer for the final one, text projections for those of images.</summary>
    /// <exception cref="WeightMismatchException">The language model lacks a weight.</exception>
    public static EasyRefStart New(BaseModel model, ModelPart language, int tokens = NewTokens)
    {
        using var off = no_grad();
        var sizes = new EasyRefSizes(Qwen2VlFiles.ReadConfig(language), tokens, model.UNet.Config.TextWidth);
        using var files = language.OpenWeights();
        using var published = EasyRefNames.OpenBase(files, sizes.Base.Layers);
        var network = new EasyRefNetwork(sizes, model.UNet.Sites);
        try
        {
            Fill(network, published);
            ProjectionStart.CopyText(model.UNet, site => network.Projections[site]);
            return new(network, null);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>What an earlier stage left, ours or an official checkpoint.</summary>
    /// <param name="folder">A model folder with it, for example that of an earlier stage, or the checkpoint's file.</param>
    /// <param name="stage">That is to go on.</param>
    /// <exception cref="ModelNotFoundException">The folder has none.</exception>
    /// <exception cref="InvalidCheckpointException">It is of another stage, another language model or another base.</exception>
    /// <exception cref="WeightMismatchException">A tensor is missing, left over or of another shape.</exception>
    public static EasyRefStart From(string folder, BaseModel model, ModelPart language, int stage)
    {
        using var weights = File.Exists(folder) ? TensorArchive.Open(folder) : ModelPart.OpenWeights(AdapterFolder.In(folder, EasyRefMethod.Name));
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        EasyRefFile.RefuseUnknown(checkpoint);
        var network = EasyRefFile.LoadNetwork(checkpoint, language, model.UNet);
        try
        {
            var start = new EasyRefStart(network, EasyRefFile.ReadPatch(checkpoint, model, BaseWeights.Checkpoint));
            return Misfit(start.LowRank is not null, stage) is { } problem ? throw new InvalidCheckpointException(weights.Path, problem) : start;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // Low-rank changes come in with the second stage.
    private static string? Misfit(bool hasLowRank, int stage) => (stage, hasLowRank) switch
    {
        (1, true) => "has changes of low rank, which stage 2 brings: it cannot go back to stage 1; train stage 3, or begin stage 1 without it.",
        (2, true) => "has changes of low rank, so that stage 2 has been trained already; train stage 3 on it, or name what stage 1 left.",
        (3, false) => "has no changes of low rank: it is what stage 1 left; train stage 2 first.",
        _ => null,
    };

    private static void Fill(EasyRefNetwork network, TensorArchive published)
    {
        var weights = network.state_dict();
        string[] missing = [.. weights.Keys.Where(name => IsOfLanguage(name) && !published.Tensors.ContainsKey(Source(name))).Order(StringComparer.Ordinal)];
        string[] misshapen =
        [
            .. weights.Where(item => published.Tensors.TryGetValue(Source(item.Key), out var entry) && !entry.Shape.SequenceEqual(item.Value.shape))
                .Select(item => item.Key),
        ];
        if (missing.Length + misshapen.Length > 0)
        {
            throw new WeightMismatchException(published.Path, missing, [], misshapen);
        }

        foreach (var (name, weight) in weights.Where(item => published.Tensors.ContainsKey(Source(item.Key))))
        {
            using var scope = NewDisposeScope();
            weight.copy_(published.ToTensor(Source(name)));
        }
    }

    // The language model's last norm serves twice.
    private static string Source(string name) => name == $"{EasyRefNames.FinalPrefix}norm.weight" ? $"{EasyRefNames.LanguagePrefix}model.norm.weight" : name;

    private static bool IsOfLanguage(string name) => name != EasyRefNames.TokenTable
        && (name.StartsWith(EasyRefNames.LanguagePrefix, StringComparison.Ordinal) || name.StartsWith(EasyRefNames.FinalPrefix, StringComparison.Ordinal));
}
