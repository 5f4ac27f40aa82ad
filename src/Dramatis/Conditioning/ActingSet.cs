using System.Runtime.InteropServices;
using Dramatis.Schedules;
using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Which of several act at a step, by their numbers. Equal to any other of the same: a key for what depends on it.</summary>
internal sealed record ActingSet
{
    private readonly bool[] acts;

    private ActingSet(bool[] acts) => this.acts = acts;

    public bool IsEmpty => !acts.AsSpan().Contains(true);

    public bool this[int number] => acts[number];

    /// <param name="influences">Null for one that does not act.</param>
    public static ActingSet At(StepInfo step, IEnumerable<Influence?> influences) =>
        new([.. influences.Select(influence => influence?.ActsAt(step) == true)]);

    /// <summary>1 for who acts, 0 for others (n, 1).</summary>
    public Tensor Marks(Device device) => tensor(acts.Select(isActing => isActing ? 1f : 0f).ToArray(), device: device).unsqueeze(-1);

    public bool Equals(ActingSet? other) => other is not null && acts.AsSpan().SequenceEqual(other.acts);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes<bool>(acts));
        return hash.ToHashCode();
    }
}
