namespace Dramatis.Tensors;

/// <summary>Random numbers that depend on a seed and a counter only, the same on every machine and runtime.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea, Flood 2014). Whatever is drawn for training item i is drawn from <c>new StableRandom(seed, i)</c>: there is no
/// state to store, so a resumed run draws what an unbroken one would have drawn.
/// </remarks>
internal sealed class StableRandom
{
    private ulong state;

    public StableRandom(ulong seed, long counter, uint stream = 0)
    {
        state = Mix(seed + 0x9E3779B97F4A7C15ul);
        state = Mix(state ^ ((ulong)counter * 0xD1B54A32D192ED03ul));
        state = Mix(state ^ (stream * 0x2545F4914F6CDD1Dul));
    }

    public ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15ul;
        return Mix(state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1ul << 53));

    /// <summary>Uniform in [from, to).</summary>
    public double Between(double from, double to) => from + ((to - from) * NextDouble());

    /// <summary>Uniform in 0 … count - 1.</summary>
    public int Below(int count) => (int)(NextDouble() * count);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ul;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBul;
        return z ^ (z >> 31);
    }
}
