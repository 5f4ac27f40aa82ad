using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.CustomDiffusion;

/// <summary>Cross-attention layers of a fine-tuning: diffusers' weights file and the original repository's <c>delta.bin</c>.</summary>
internal static class CustomDiffusionFile
{
    /// <summary>What diffusers calls the file.</summary>
    public const string FileName = "pytorch_custom_diffusion_weights.safetensors";

    private const string Prefix = "unet.";
    private const string WordPrefix = "modifier_token.";

    // Endings of diffusers' names and of the network's.
    private static readonly (string Stored, string Ours)[] Endings =
    [
        (".processor.to_k_custom_diffusion.weight", ".to_k.weight"),
        (".processor.to_v_custom_diffusion.weight", ".to_v.weight"),
        (".processor.to_q_custom_diffusion.weight", ".to_q.weight"),
        (".processor.to_out_custom_diffusion.0.weight", ".to_out.0.weight"),
        (".processor.to_out_custom_diffusion.0.bias", ".to_out.0.bias"),
    ];

    /// <summary>The patch that a file holds for a model, with the words that it brings. Layers that it does not have stay as they are.</summary>
    /// <exception cref="WeightMismatchException">A tensor has no place in the model, or is of another shape.</exception>
    /// <exception cref="InvalidCheckpointException">The file is damaged or of another kind.</exception>
    public static WeightPatch Read(string path, IPatchable model)
    {
        using var archive = TensorArchive.Open(path);
        if (CheckpointKind.Of(archive)?.Type != CheckpointType.CustomDiffusion)
        {
            throw new InvalidCheckpointException(path, "holds no layers of Custom Diffusion. 'dramatis inspect' says what it is.");
        }

        return WeightPatch.For(model, path, [.. archive.Tensors.Keys.Select(key => ToChange(archive, key))]);
    }

    /// <summary>Writes diffusers' file.</summary>
    /// <exception cref="OutputNotWrittenException">The file cannot be written; an older one stays.</exception>
    public static void Write(string path, IEnumerable<NewValues> layers) => Checkpoint.Save(
        layers.ToDictionary(layer => StoredName(layer.Weight), layer => layer.Values),
        path,
        metadata: Checkpoint.TorchHeader());

    /// <summary>Writes what diffusers' script leaves: the layers, and each word in a file of its own.</summary>
    /// <returns>The files' names.</returns>
    /// <exception cref="OutputNotWrittenException">A file cannot be written; an older one stays.</exception>
    public static IReadOnlyList<string> Write(string folder, IEnumerable<NewValues> layers, IEnumerable<NewWord> words)
    {
        Write(Path.Combine(folder, FileName), layers);
        return [FileName, .. words.GroupBy(word => word.Word).Select(word => WriteWord(folder, [.. word]))];
    }

    /// <summary>Diffusers' name for a weight of a cross-attention layer.</summary>
    public static string StoredName(string weight)
    {
        var (stored, ours) = Endings.First(ending => weight.EndsWith(ending.Ours, StringComparison.Ordinal));
        return weight[..^ours.Length] + stored;
    }

    // One row a file, as diffusers has it; with two encoders, one tensor each.
    private static string WriteWord(string folder, IReadOnlyList<NewWord> rows)
    {
        using var scope = NewDisposeScope();
        var name = $"{rows[0].Word}.safetensors";
        Checkpoint.Save(
            rows.ToDictionary(row => rows.Count == 1 ? row.Word : row.Network.TowerName(), row => row.Rows.squeeze(0)),
            Path.Combine(folder, name),
            metadata: Checkpoint.TorchHeader(("name", rows[0].Word)));
        return name;
    }

    private static WeightChange ToChange(TensorArchive archive, string key)
    {
        using var scope = NewDisposeScope();
        var values = archive.ToFinite(key).DetachFromDisposeScope();
        if (key.StartsWith(WordPrefix, StringComparison.Ordinal))
        {
            return new NewWord(ModelNetwork.TextEncoder, key[WordPrefix.Length..], values.view(-1, values.shape[^1]).DetachFromDisposeScope());
        }

        var ending = Endings.FirstOrDefault(ending => key.EndsWith(ending.Stored, StringComparison.Ordinal));
        var name = ending.Stored is not null ? key[..^ending.Stored.Length] + ending.Ours
            : key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..]
            : key;
        return new NewValues(ModelNetwork.UNet, name, values);
    }
}
