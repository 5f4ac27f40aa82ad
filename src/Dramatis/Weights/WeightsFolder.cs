using Dramatis.Files;

namespace Dramatis.Weights;

/// <summary>Finds the weights in a folder of a network, as diffusers, transformers and others have called them at one time or another.</summary>
internal static class WeightsFolder
{
    private const string Safetensors = "safetensors";
    private const string Pickle = "bin";

    // The names without variant and ending, in the order in which they are looked for.
    private static readonly string[] Stems = ["diffusion_pytorch_model", "model", "adapter", "ms_adapter", "pytorch_model"];

    // Full precision before half, and weights before their running mean or what it was made of.
    private static readonly string[] Variants = ["", "fp32", "fp16", "bf16", "ema", "non_ema"];

    // What people may take for weights that are read.
    private static readonly string[] Endings =
        [".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".gguf", ".msgpack", ".h5", ".onnx", ".onnx_data", ".index.json", ".pb", ".xml", ".sft"];

    /// <summary>The file with the weights, or an index of several; null where there is none, or no telling which.</summary>
    public static string? Find(string folder)
    {
        var files = VisibleFiles.In(folder).ToArray();
        return files.Select(file => (File: file, Rank: RankOf(Path.GetFileName(file)))).Where(item => item.Rank is not null)
            .OrderBy(item => item.Rank).ThenBy(item => item.File, StringComparer.Ordinal).Select(item => item.File).FirstOrDefault()
            ?? Only(files)
            ?? (Path.Combine(folder, "pytorch_model", "mp_rank_00_model_states.pt") is var state && File.Exists(state) ? state : null);    // DeepSpeed's
    }

    /// <summary>What to say of a folder in which <see cref="Find"/> finds nothing.</summary>
    public static string Problem(string folder)
    {
        string[] there =
        [
            .. VisibleFiles.In(folder).Select(file => Path.GetFileName(file))
                .Where(name => Array.Exists(Endings, ending => name.Contains(ending, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal).Take(8),
        ];
        var wanted = $"{Stems[0]}.{Safetensors} or {Stems[1]}.{Safetensors} is what it should hold.";
        return there.Length == 0 ? $"no weights in it; {wanted}"
            : there.Any(IsShard) ? $"has parts of weights ({string.Join(", ", there)}), but no index that says which tensor lies where; download the file "
                + "that ends in .index.json too."
            : $"no weights in it that are read by these names: there {(there.Length == 1 ? "is" : "are")} {string.Join(", ", there)}; {wanted}";
    }

    // Published adapters have names of their own; a file that stands alone needs none of ours.
    private static string? Only(string[] files)
    {
        var weights = files.Where(file => Path.GetExtension(file) is ".safetensors" or ".bin" or ".pt" && !IsShard(Path.GetFileName(file))).Take(2).ToArray();
        return weights.Length == 1 ? weights[0] : null;
    }

    // Stem, format, variant, index: STEM[.VARIANT].safetensors, or with "index" and the variant at any place before ".json".
    private static (int Stem, int Format, int Variant, int Index)? RankOf(string name)
    {
        string[] parts = name.Split('.');
        var isIndex = parts[^1] == "json" && parts.Contains("index");
        var format = isIndex ? parts.FirstOrDefault(part => part is Safetensors or Pickle) : parts[^1] is Safetensors or Pickle ? parts[^1] : null;
        string[] rest = [.. parts.Skip(1).Where(part => part != format && !(isIndex && part is "index" or "json"))];
        return Array.IndexOf(Stems, parts[0]) is >= 0 and var stem && format is not null && rest.Length <= 1
            ? (stem, format == Safetensors ? 0 : 1, VariantOf(rest.FirstOrDefault() ?? ""), isIndex ? 1 : 0)
            : null;
    }

    private static int VariantOf(string name) => Array.IndexOf(Variants, name) is >= 0 and var place ? place : Variants.Length;

    // As "model-00001-of-00002.safetensors"; one of one is whole.
    private static bool IsShard(string name) => name.Split('.')[0].Split('-') is [.., var number, "of", var count]
        && number.All(char.IsAsciiDigit) && count.All(char.IsAsciiDigit) && count.TrimStart('0') != "1";
}
