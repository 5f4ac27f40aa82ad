using System.Diagnostics;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.Lora;

/// <summary>Reads LoRA files in every published layout: kohya with LyCORIS' convolutions, PEFT, diffusers old and new.</summary>
internal static class LoraFile
{
    private const string AlphaEnding = ".alpha";

    // Down is A of the paper, up is B. The old layout has no dot before its mark.
    private static readonly (string Down, string Up)[] Endings =
    [
        (".lora_down.weight", ".lora_up.weight"),
        (".lora_A.weight", ".lora_B.weight"),
        (".lora_A.default.weight", ".lora_B.default.weight"),
        (".lora.down.weight", ".lora.up.weight"),
        (".lora_linear_layer.down.weight", ".lora_linear_layer.up.weight"),
        ("_lora.down.weight", "_lora.up.weight"),
    ];

    /// <summary>The patch that a file holds for a model.</summary>
    /// <exception cref="WeightMismatchException">A tensor has no place in the model or no partner, or is of another shape.</exception>
    /// <exception cref="InvalidCheckpointException">The file is damaged or no LoRA.</exception>
    public static WeightPatch Read(string path, IPatchable model)
    {
        using var archive = TensorArchive.Open(path);
        if (CheckpointKind.Of(archive)?.Type != CheckpointType.Lora)
        {
            throw new InvalidCheckpointException(path, "is no LoRA: none of its tensors is half of a low-rank change. 'dramatis inspect' says what it is.");
        }

        return WeightPatch.For(model, path, [.. Pairs(archive, model).Select(pair => ToChange(archive, pair.Key, pair.Value))]);
    }

    private static SortedDictionary<string, Pair> Pairs(TensorArchive archive, IPatchable model)
    {
        var names = new LoraNames(model);
        var settings = LoraHeader.Of(archive);
        var pairs = new SortedDictionary<string, Pair>(StringComparer.Ordinal);
        var unexpected = new List<string>();
        foreach (var key in archive.Tensors.Keys)
        {
            if (Split(key) is not { } split || names.Find(split.Layer) is not { } target)
            {
                unexpected.Add(key);
                continue;
            }

            var name = $"{target.Network.Name()}.{target.Layer}";
            var pair = pairs.GetValueOrDefault(name, new(target, null, null, null, settings));
            pairs[name] = split.Half switch
            {
                Half.Down => pair with { Down = key },
                Half.Up => pair with { Up = key },
                Half.Alpha => pair with { Alpha = key },
                _ => throw new UnreachableException(),
            };
        }

        var missing = pairs.Where(pair => pair.Value.Down is null || pair.Value.Up is null)
            .Select(pair => $"{(pair.Value.Down is null ? "down" : "up")} of {pair.Key}")
            .ToList();
        return missing.Count + unexpected.Count == 0
            ? pairs
            : throw new WeightMismatchException(archive.Path, missing, [.. unexpected.Order(StringComparer.Ordinal)], []);
    }

    private static LowRankChange ToChange(TensorArchive archive, string name, Pair pair)
    {
        using var scope = NewDisposeScope();
        var down = archive.ToTensor(pair.Down!, ScalarType.Float32);
        var up = archive.ToTensor(pair.Up!, ScalarType.Float32);
        if (down.dim() < 2 || up.dim() < 2)
        {
            throw new InvalidCheckpointException(archive.Path, $"has a single row for '{name}' where a matrix belongs; copy or download it again.");
        }

        var alpha = pair.Alpha is { } key ? archive.ToTensor(key, ScalarType.Float64).sum().item<double>() : (double?)null;
        var factor = pair.Settings.FactorOf(pair.Target, (int)down.shape[0], alpha);
        return new(pair.Target.Network, pair.Target.Weight, down.DetachFromDisposeScope(), up.DetachFromDisposeScope(), factor);
    }

    private static (string Layer, Half Half)? Split(string key)
    {
        foreach (var (down, up) in Endings)
        {
            if (key.EndsWith(down, StringComparison.Ordinal))
            {
                return (key[..^down.Length], Half.Down);
            }

            if (key.EndsWith(up, StringComparison.Ordinal))
            {
                return (key[..^up.Length], Half.Up);
            }
        }

        return key.EndsWith(AlphaEnding, StringComparison.Ordinal) ? (key[..^AlphaEnding.Length], Half.Alpha) : null;
    }

    private enum Half
    {
        Down,
        Up,
        Alpha,
    }

    private sealed record Pair(LoraTarget Target, string? Down, string? Up, string? Alpha, LoraHeader Settings);
}
