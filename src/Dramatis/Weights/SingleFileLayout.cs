using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;

namespace Dramatis.Weights;

/// <summary>What a single-file model is, by the names in it: its family, and the part that each name belongs to.</summary>
internal sealed class SingleFileLayout
{
    /// <summary>Before the names of the denoiser.</summary>
    public const string UNetPrefix = "model.diffusion_model.";

    /// <summary>Before all names of a file that a training left as it was.</summary>
    public const string Nest = "state_dict.";

    private static readonly (ModelNetwork Network, string Prefix)[] Common = [(ModelNetwork.UNet, UNetPrefix), (ModelNetwork.Vae, "first_stage_model.")];

    private static readonly Dictionary<CheckpointType, (ModelFamily Family, (ModelNetwork Network, string Prefix)[] TextEncoders)> Families = new()
    {
        [CheckpointType.Sd15File] = (ModelFamily.Sd15, [(ModelNetwork.TextEncoder, "cond_stage_model.transformer.")]),
        [CheckpointType.Sd21File] = (ModelFamily.Sd21, [(ModelNetwork.TextEncoder, "cond_stage_model.model.")]),
        [CheckpointType.SdxlFile] = (ModelFamily.Sdxl,
            [(ModelNetwork.TextEncoder, "conditioner.embedders.0.transformer."), (ModelNetwork.SecondTextEncoder, "conditioner.embedders.1.model.")]),
    };

    private readonly (ModelNetwork Network, string Prefix)[] parts;

    private SingleFileLayout(string root, ModelFamily family, (ModelNetwork Network, string Prefix)[] textEncoders)
    {
        Root = root;
        Family = family;
        parts = [.. Common.Concat(textEncoders).Select(part => (part.Network, root + part.Prefix))];
    }

    /// <summary>What stands before all names.</summary>
    public string Root { get; }

    public ModelFamily Family { get; }

    /// <summary>The layout of a file, or null when it is no model of that kind: a ControlNet is none, whatever lies beside it.</summary>
    public static SingleFileLayout? Of(TensorArchive archive)
    {
        if (CheckpointKind.Of(archive) is not { } kind || !Families.TryGetValue(kind.Type, out var found))
        {
            return null;
        }

        var root = archive.Tensors.ContainsKey($"{UNetPrefix}input_blocks.0.0.weight") ? "" : Nest;
        return new(root, Marked(found.Family, archive, root), found.TextEncoders);
    }

    /// <summary>Whether a name is one that a base model of any family has, or that its training leaves.</summary>
    public static bool Knows(string name)
    {
        var bare = name.StartsWith(Nest, StringComparison.Ordinal) ? name[Nest.Length..] : name;
        return Common.Concat(Families.Values.SelectMany(family => family.TextEncoders)).Any(part => bare.StartsWith(part.Prefix, StringComparison.Ordinal))
            || LeftOvers.Has(bare);
    }

    /// <summary>What stands before the names of a network, or null when the family has no such network.</summary>
    public string? PrefixOf(ModelNetwork network) => Array.Find(parts, part => part.Network == network).Prefix;

    /// <summary>Names that belong to no part and are no known left-overs of training.</summary>
    public IReadOnlyList<string> Unknown(TensorArchive archive) =>
    [
        .. archive.Tensors.Keys
            .Where(name => !Array.Exists(parts, part => name.StartsWith(part.Prefix, StringComparison.Ordinal)))
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && !LeftOvers.Has(name[Root.Length..]))
            .Order(StringComparer.Ordinal),
    ];

    // What the names and shapes of a family leave open: channels of the input, and what the network predicts.
    private static ModelFamily Marked(ModelFamily family, TensorArchive archive, string root)
    {
        var input = archive.Tensors[$"{root}{UNetPrefix}input_blocks.0.0.weight"];
        var unet = family.UNet with { InChannels = input.Shape is [_, > 0 and < 100, _, _] ? (int)input.Shape[1] : family.UNet.InChannels };
        var scheduler = OriginalConfig.Beside(archive.Path)?.ApplyTo(family.Scheduler) ?? family.Scheduler;
        if (IsShortSd21(family, archive))
        {
            unet = unet with { SampleSize = 64 };
            scheduler = scheduler with { Prediction = Schedules.Prediction.Epsilon };
        }

        return family with
        {
            UNet = unet,
            Scheduler = scheduler with
            {
                Prediction = TrainingFacts.PredictionOf(archive, root) ?? scheduler.Prediction,
                ZeroTerminalSnr = TrainingFacts.HasZeroTerminalSnr(archive, root),
            },
        };
    }

    // The models of SD 2 for 512 pixels predict noise. Nothing but their count of training steps, or a newer file's own words, tells.
    private static bool IsShortSd21(ModelFamily family, TensorArchive archive) => family.Name == ModelFamily.Sd21.Name
        && (archive.Metadata.GetValueOrDefault("global_step") is "875000" or "550000"
            || archive.Metadata.GetValueOrDefault("modelspec.prediction_type") is "epsilon");
}
