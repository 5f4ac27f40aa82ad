using Dramatis.Checkpoints;
using Dramatis.Errors;
using static TorchSharp.torch;

namespace Dramatis.Weights;

/// <summary>The same weights in another format, or stored with other numbers.</summary>
internal static class WeightConversion
{
    /// <summary>A file of torch.save that is one tensor calls it so.</summary>
    private const string OneTensor = "root";

    /// <summary>The dictionaries in the dictionary that published adapters are.</summary>
    private static readonly string[] Parts = ["image_proj", "ip_adapter", "ms_adapter"];

    /// <summary>Endings of files that are written as safetensors or as by torch.save.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".safetensors", ".bin", ".pt", ".pth", ".ckpt"];

    /// <summary>Writes all tensors of an archive, one in memory at a time; its free text goes along where the format has room for it.</summary>
    /// <param name="path">Its ending is one of <see cref="Endings"/> and says the format.</param>
    /// <param name="type">How to store floating-point values; null keeps each tensor's own type.</param>
    /// <exception cref="InvalidRequestException">The path has another ending.</exception>
    /// <exception cref="InvalidCheckpointException">The archive is damaged.</exception>
    /// <exception cref="OutputNotWrittenException">
    /// The file cannot be written, or its format or the type has no room for what is in it; an older one stays.
    /// </exception>
    public static void Convert(TensorArchive archive, string path, TensorType? type = null)
    {
        var tensors = archive.Tensors.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => Source(archive, entry, type, path)).ToArray();
        switch (Endings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            case null:
                throw new InvalidRequestException("-o", $"\"{path}\" ends in none of {string.Join(", ", Endings)}, so its format is not known.");
            case ".safetensors":
                SafetensorsWriter.Write(path, tensors, archive.Metadata);
                break;
            default:
                if (tensors is [{ Name: OneTensor } only])
                {
                    TorchWriter.WriteTensor(path, only);
                }
                else
                {
                    TorchWriter.Write(path, tensors, Parts);
                }

                break;
        }
    }

    private static TensorSource Source(TensorArchive archive, TensorEntry entry, TensorType? wanted, string path)
    {
        var type = wanted is { } other && entry.Type.IsFloat() ? other : entry.Type;
        return new(entry.Name, type, entry.Shape, () =>
        {
            if (type == entry.Type)
            {
                var bytes = new byte[entry.ByteCount];
                archive.Read(entry.Name, bytes);
                return bytes;
            }

            using var scope = NewDisposeScope();
            var stored = archive.ToTensor(entry.Name);
            var values = stored.to(type.ToScalarType());
            return values.isinf().sum().item<long>() == stored.isinf().sum().item<long>()
                ? TensorLoading.ToSource(entry.Name, values, type).Values()
                : throw new OutputNotWrittenException(path, $"'{entry.Name}' holds numbers that are too large for {type.Name()}; store bf16 or f32.");
        });
    }
}
