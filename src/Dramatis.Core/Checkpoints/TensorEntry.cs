namespace Dramatis.Checkpoints;

/// <summary>What a checkpoint says of one tensor, without its values.</summary>
/// <param name="Shape">Sizes, outermost first; empty for a scalar.</param>
/// <param name="ByteCount">Elements times the size of one.</param>
internal sealed record TensorEntry(string Name, TensorType Type, IReadOnlyList<long> Shape, long ByteCount);
