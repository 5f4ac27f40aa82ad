namespace Dramatis.Checkpoints;

/// <summary>One tensor to be written: its values are asked for when their turn comes.</summary>
/// <param name="Values">Contiguous, row-major, little-endian; called once.</param>
internal sealed record TensorSource(string Name, TensorType Type, IReadOnlyList<long> Shape, Func<ReadOnlyMemory<byte>> Values)
{
    public long ByteCount => Shape.Aggregate((long)Type.Size(), (product, size) => checked(product * size));
}
