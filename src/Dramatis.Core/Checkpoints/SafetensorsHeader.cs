using System.Buffers.Binary;
using System.Text.Json;
using Dramatis.Errors;

namespace Dramatis.Checkpoints;

/// <summary>The checked header of a safetensors file.</summary>
/// <remarks>
/// Layout: 8 bytes length of the header (little-endian), the header (a JSON object that starts with a brace), the values. Tensors
/// tile the values without gap or overlap. Nothing is allocated by a number that the header merely claims.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>The reference implementation refuses longer headers.</summary>
    public const long MaxLength = 100_000_000;

    private readonly string path;

    private SafetensorsHeader(string path) => this.path = path;

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (TensorEntry Entry, long Offset)> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes before the first value.</summary>
    public long DataStart { get; private init; }

    /// <param name="path">For messages.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="read">Reads the bytes (offset, count); both lie within the file.</param>
    public static SafetensorsHeader Parse(string path, long fileLength, Func<long, int, byte[]> read)
    {
        var start = read(0, (int)Math.Min(fileLength, CheckpointFormats.SignatureLength));
        if (CheckpointFormats.Advice(start) is { } advice)
        {
            throw new InvalidCheckpointException(path, $"{advice}.");
        }

        if (fileLength < 8)
        {
            throw new InvalidCheckpointException(path, $"is no safetensors file: it has {fileLength} bytes, fewer than a header needs.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (length > MaxLength)
        {
            throw new InvalidCheckpointException(
                path, $"is of no known format: not one of torch.save, and as safetensors its header claims {length} bytes, more than the {MaxLength} allowed.");
        }

        if (8 + (long)length > fileLength)
        {
            throw new InvalidCheckpointException(
                path, $"is truncated: its header claims {length} bytes, but the file ends after {fileLength}. Copy or download it again.");
        }

        var header = new SafetensorsHeader(path) { DataStart = 8 + (long)length };
        header.ParseJson(read(8, (int)length));
        header.CheckTiling(fileLength - header.DataStart);
        return header;
    }

    private void ParseJson(byte[] bytes)
    {
        if (bytes.Length == 0 || bytes[0] != '{')
        {
            throw Bad("its header does not start with a brace");
        }

        try
        {
            using var json = JsonDocument.Parse(bytes, new() { MaxDepth = 8 });
            CheckUtf8(bytes);
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    ReadMetadata(property.Value);
                }
                else if (!Tensors.TryAdd(property.Name, ReadTensor(property.Name, property.Value)))
                {
                    throw Bad($"the tensor '{property.Name}' is named twice");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidCheckpointException(path, "is no safetensors file: its header is not valid JSON.", e);
        }
    }

    private void CheckUtf8(byte[] bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            throw Bad("its header is not UTF-8");
        }
    }

    private void ReadMetadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || Metadata.Count > 0)
        {
            throw Bad("__metadata__ is not one object");
        }

        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String || !Metadata.TryAdd(entry.Name, entry.Value.GetString()!))
            {
                throw Bad($"the metadata entry '{entry.Name}' is not one text");
            }
        }
    }

    private (TensorEntry Entry, long Offset) ReadTensor(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Bad($"'{name}' is not an object");
        }

        string? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        foreach (var field in value.EnumerateObject())
        {
            switch (field.Name)
            {
                case "dtype" when dtype is null && field.Value.ValueKind == JsonValueKind.String:
                    dtype = field.Value.GetString();
                    break;
                case "shape" when shape is null:
                    shape = Numbers(name, field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(name, field);
                    break;
                default:
                    throw Bad($"'{name}' has an unexpected or repeated field '{field.Name}'");
            }
        }

        if (dtype is null || shape is null || offsets is not { Length: 2 })
        {
            throw Bad($"'{name}' lacks dtype, shape or data_offsets");
        }

        return (Entry(name, dtype, shape, offsets), offsets[0]);
    }

    private TensorEntry Entry(string name, string dtype, long[] shape, long[] offsets)
    {
        if (!TensorTypes.TryParse(dtype, out var type))
        {
            throw Bad($"'{name}' has the unknown element type '{dtype}'");
        }

        long bytes = type.Size();
        try
        {
            foreach (var size in shape)
            {
                bytes = checked(bytes * size);
            }
        }
        catch (OverflowException)
        {
            throw Bad($"the shape of '{name}' overflows");
        }

        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes)
        {
            throw Bad(
                $"'{name}' of shape [{string.Join(", ", shape)}] and type {dtype} needs {bytes} bytes, its offsets {offsets[0]} to {offsets[1]} say otherwise");
        }

        return new(name, type, shape, bytes);
    }

    private long[] Numbers(string name, JsonProperty field)
    {
        if (field.Value.ValueKind != JsonValueKind.Array)
        {
            throw Bad($"'{name}' has a {field.Name} that is no list");
        }

        var numbers = new List<long>();
        foreach (var item in field.Value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var number) || number < 0)
            {
                throw Bad($"'{name}' has the {field.Name} entry {item.GetRawText()}, which is no whole number from 0");
            }

            numbers.Add(number);
        }

        return [.. numbers];
    }

    private void CheckTiling(long dataLength)
    {
        long position = 0;
        foreach (var (entry, offset) in Tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Entry.ByteCount))
        {
            if (offset != position)
            {
                throw Bad($"'{entry.Name}' starts at byte {offset} of the values, not at {position}: tensors must follow one another without gap or overlap");
            }

            position += entry.ByteCount;
            if (position > dataLength)
            {
                throw new InvalidCheckpointException(
                path, $"is truncated: '{entry.Name}' ends at byte {position} of the values, but there are only {dataLength}. Copy or download it again.");
            }
        }

        if (position != dataLength)
        {
            throw Bad($"{dataLength - position} bytes after the last tensor belong to none");
        }
    }

    private InvalidCheckpointException Bad(string reason) => new(path, $"is no valid safetensors file: {reason}.");
}
