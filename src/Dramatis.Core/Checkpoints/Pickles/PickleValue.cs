using System.Globalization;
using System.Numerics;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>Something a pickle holds, read as data. Lists and mappings may be shared, and may even hold themselves.</summary>
internal abstract class PickleValue;

internal sealed class PickleNone : PickleValue
{
    public static PickleNone Value { get; } = new();
}

internal sealed class PickleTruth(bool value) : PickleValue
{
    public bool Value { get; } = value;
}

internal sealed class PickleInteger(BigInteger value) : PickleValue
{
    public BigInteger Value { get; } = value;
}

internal sealed class PickleNumber(double value) : PickleValue
{
    public double Value { get; } = value;
}

internal sealed class PickleComplex(Complex value) : PickleValue
{
    public Complex Value { get; } = value;
}

internal sealed class PickleText(string value) : PickleValue
{
    public string Value { get; } = value;
}

internal sealed class PickleBytes(byte[] value) : PickleValue
{
    public ReadOnlyMemory<byte> Value { get; } = value;
}

/// <summary>An element type of PyTorch, for example <c>torch.float16</c>.</summary>
/// <param name="size">Bytes of one element.</param>
internal sealed class PickleElementType(string name, int size) : PickleValue
{
    public string Name { get; } = name;

    /// <summary>Bytes of one element.</summary>
    public int Size { get; } = size;
}

/// <summary>A device of PyTorch, for example <c>cuda:0</c>.</summary>
internal sealed class PickleDevice(string name) : PickleValue
{
    public string Name { get; } = name;
}

/// <summary>What Python calls a sequence of values.</summary>
internal enum SequenceKind
{
    List,
    Tuple,
    Set,
    Size,
}

internal sealed class PickleSequence(SequenceKind kind, List<PickleValue> items) : PickleValue
{
    public SequenceKind Kind { get; } = kind;

    public IReadOnlyList<PickleValue> Items => items;

    internal void Add(IEnumerable<PickleValue> more) => items.AddRange(more);
}

/// <summary>Keys and values in the order in which they came.</summary>
internal sealed class PickleMapping(bool isOrdered) : PickleValue
{
    private readonly List<KeyValuePair<PickleValue, PickleValue>> entries = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <summary>Whether Python calls it an <c>OrderedDict</c>.</summary>
    public bool IsOrdered { get; } = isOrdered;

    /// <summary>Whether it is a dictionary or list of parameters, which is a module of PyTorch: its entries lie among its attributes.</summary>
    public bool IsModule { get; init; }

    public IReadOnlyList<KeyValuePair<PickleValue, PickleValue>> Entries => entries;

    /// <summary>The first key whose entry was left out, or null.</summary>
    public PickleStranger? LeftOut { get; internal set; }

    /// <summary>Takes attributes: the parameters of a module are its entries, those of anything else say nothing about values.</summary>
    internal void Build(PickleValue attributes)
    {
        var parameters = !IsModule || attributes is not PickleMapping state ? []
            : state.Entries.Where(item => item is { Key: PickleText { Value: "_parameters" }, Value: PickleMapping })
                .SelectMany(item => ((PickleMapping)item.Value).Entries);
        foreach (var (key, value) in parameters)
        {
            TrySet(key, value);
        }
    }

    /// <summary>Adds or replaces; false when the key is of a kind that Python cannot use as one.</summary>
    internal bool TrySet(PickleValue key, PickleValue value)
    {
        if (Identify(key) is not { } identity)
        {
            return false;
        }

        if (places.TryGetValue(identity, out var place))
        {
            entries[place] = new(entries[place].Key, value);
        }
        else
        {
            places.Add(identity, entries.Count);
            entries.Add(new(key, value));
        }

        return true;
    }

    // Tuples of tuples could grow without bound and name no tensor: they are no keys here.
    private static string? Identify(PickleValue key) => key switch
    {
        PickleText text => $"'{text.Value}'",
        PickleInteger whole => whole.Value.ToString(CultureInfo.InvariantCulture),
        PickleNumber number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PickleTruth truth => truth.Value ? "1" : "0",    // equal to the numbers, as in Python
        PickleNone => "None",
        PickleBytes bytes => $"b{Convert.ToHexString(bytes.Value.Span)}",
        PickleElementType type => type.Name,
        PickleDevice device => $"device {device.Name}",
        PickleSequence { Kind: SequenceKind.Tuple } tuple when tuple.Items.All(item => item is not PickleSequence && Identify(item) is not null) =>
            $"({string.Join(',', tuple.Items.Select(Identify))})",
        _ => null,
    };
}

/// <summary>Values in the file: so many elements of a type, under a key.</summary>
/// <param name="elementSize">Bytes of one element; 1 where only bytes are promised.</param>
internal sealed class PickleStorage(string key, PickleElementType? type, int elementSize, long count) : PickleValue
{
    public string Key { get; } = key;

    /// <summary>Null where only bytes are promised.</summary>
    public PickleElementType? Type { get; } = type;

    public long ByteCount { get; } = checked(elementSize * count);
}

/// <summary>A view of a storage. Its bounds are checked.</summary>
/// <param name="offset">Elements before the first.</param>
/// <param name="strides">Elements from one index to the next, for each dimension.</param>
internal sealed class PickleTensor(
    PickleStorage storage, PickleElementType type, long offset, IReadOnlyList<long> shape, IReadOnlyList<long> strides) : PickleValue
{
    public PickleStorage Storage { get; } = storage;

    public PickleElementType Type { get; } = type;

    public long Offset { get; } = offset;

    public IReadOnlyList<long> Shape { get; } = shape;

    public IReadOnlyList<long> Strides { get; } = strides;

    /// <summary>Whether it was saved as a Parameter.</summary>
    public bool IsParameter { get; init; }
}
