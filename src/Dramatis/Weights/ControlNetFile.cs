using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.ControlNet;

namespace Dramatis.Weights;

/// <summary>A ControlNet in one file: with the original code's names, alone or beside the base model it was trained on, or with those of diffusers.</summary>
internal static class ControlNetFile
{
    private const string Hint = "input_hint_block.0.weight";

    // The deepest attention, which every ControlNet has, under both names: its width of text tells the family.
    private const string LdmText = "middle_block.1.transformer_blocks.0.attn2.to_k.weight";
    private const string HomeText = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight";

    // What may stand before the original code's names.
    private static readonly string[] Prefixes = ["control_model.", $"{SingleFileLayout.Nest}control_model.", "", SingleFileLayout.Nest];

    /// <summary>The network, with the settings that lie beside the file or else those of its family.</summary>
    /// <exception cref="InvalidCheckpointException">The file is damaged, no ControlNet, or of no family known here.</exception>
    /// <exception cref="WeightMismatchException">It holds tensors that are neither a ControlNet's nor a base model's.</exception>
    public static ModelPart Part(string path, ModelLoading? loading = null)
    {
        using var archive = TensorArchive.Open(path);
        var kind = CheckpointKind.Of(archive);
        var isHome = kind?.Type == CheckpointType.ControlNet;
        var prefix = isHome ? ""
            : kind?.Type == CheckpointType.OriginalControlNet ? Array.Find(Prefixes, prefix => archive.Tensors.ContainsKey(prefix + Hint))
            : null;
        if (prefix is null || archive.Tensors.GetValueOrDefault(prefix + (isHome ? HomeText : LdmText)) is not { Shape: [_, var width] })
        {
            throw new InvalidCheckpointException(path, $"is no ControlNet{(kind is null ? "" : $", but {kind.Name}")}.");
        }

        RefuseUnknown(archive, prefix);
        var config = Settings(path, width);
        return ModelPart.InFile(path, prefix, isHome ? KeyMap.Home : LdmKeys.ControlNet(ControlNetConfig.Parse(config.Text, config.Path)), config, loading);
    }

    private static (string Path, string Text) Settings(string path, long width)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, ModelPart.ConfigName);
        if (File.Exists(beside))
        {
            return (beside, ConfigReader.ReadText(beside));
        }

        var family = ModelFamily.All.FirstOrDefault(family => family.UNet.TextWidth == width)
            ?? throw new InvalidCheckpointException(
                path, $"is a ControlNet for texts {width} wide, of no base model known here; put its config.json beside it.");
        return ($"{path} (as {family.Title})", new ControlNetConfig { Blocks = family.UNet }.ToJson());
    }

    // Beside a network under its prefix there may be the base model, and nothing else. Without a prefix all names are the network's.
    private static void RefuseUnknown(TensorArchive archive, string prefix)
    {
        string[] unknown = [.. archive.Tensors.Keys.Where(name => !name.StartsWith(prefix, StringComparison.Ordinal) && !SingleFileLayout.Knows(name))];
        if (unknown.Length > 0)
        {
            throw new WeightMismatchException(archive.Path, [], unknown, []);
        }
    }
}
