using Dramatis.Checkpoints;

namespace Dramatis.Tests.Checkpoints;

/// <summary>A checkpoint of names and shapes alone, as large as one likes.</summary>
internal sealed class NamedShapes(IEnumerable<(string Name, long[] Shape)> tensors) : TensorArchive("checkpoint")
{
    public override string Format => "none";

    public override IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    public override IReadOnlyDictionary<string, TensorEntry> Tensors { get; } = tensors.ToDictionary(
        tensor => tensor.Name, tensor => new TensorEntry(tensor.Name, TensorType.F32, tensor.Shape,
            4 * tensor.Shape.Aggregate(1L, (product, side) => product * side)));

    /// <summary>A list with a name and a shape on each line, <c>conv_in.bias 320</c>.</summary>
    public static NamedShapes Load(string path) => new(File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(' ')).Select(
        parts => (parts[0], parts.Length == 1 ? [] : parts[1].Split('x', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse).ToArray())));

    // All values are 1.
    public override void Read(string name, Span<byte> destination) => BitConverter.TryWriteBytes(destination, 1f);

    protected override void Dispose(bool disposing)
    {
    }
}
