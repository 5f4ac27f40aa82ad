using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>A network of the base model inside the checkpoint of a method: its values, or those of some layers, come in place of the base's.</summary>
internal static class NetworkChanges
{
    /// <param name="whole">A name that says that the network is there whole; then all of it must be.</param>
    /// <param name="keys">The file's other names, after the network's own name and a dot.</param>
    /// <exception cref="WeightMismatchException">The network is there, but not all of it.</exception>
    public static IEnumerable<NewValues> Read(TensorArchive weights, ModelNetwork network, string whole, KeyMap keys, IPatchable model)
    {
        var prefix = $"{network.Name()}.";
        var found = weights.Tensors.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !keys.Ignores(key[prefix.Length..]))
            .ToDictionary(key => keys.Find(key[prefix.Length..]) ?? key[prefix.Length..]);
        var isWhole = weights.Tensors.ContainsKey(prefix + whole) || weights.Tensors.ContainsKey($"{prefix}text_model.{whole}");
        var missing = isWhole ? model.NetworkOf(network)!.named_parameters().Select(item => item.name).Where(name => !found.ContainsKey(name)).ToArray() : [];
        return missing.Length == 0
            ? found.Select(item => new NewValues(network, item.Key, Read(weights, item.Value)))
            : throw new WeightMismatchException(weights.Path, [.. missing.Select(name => prefix + name).Order(StringComparer.Ordinal)], [], []);
    }

    // Laid out as kernels of convolutions are kept.
    private static Tensor Read(TensorArchive weights, string name)
    {
        using var scope = NewDisposeScope();
        var values = weights.ToTensor(name, ScalarType.Float32);
        return (values.dim() == 4 ? ChannelsLast.Of(values) : values).DetachFromDisposeScope();
    }
}
