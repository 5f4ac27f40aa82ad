using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>What the few calls and references that data needs stand for.</summary>
internal static partial class PickleCalls
{
    /// <summary>A persistent id: ('storage', class, key, location, count) and, in old files, a view, which must be none.</summary>
    public static PickleStorage Storage(PickleValue id)
    {
        if (id is not PickleSequence { Kind: SequenceKind.Tuple, Items: { Count: 5 or 6 } items }
            || items[0] is not PickleText { Value: "storage" }
            || items[1] is not PickleReference { Kind: PickleName.Storage } storageClass
            || items[2] is not PickleText { Value: var key }
            || items[4] is not PickleInteger { Value: var count }
            || (items.Count == 6 && items[5] is not PickleNone))
        {
            throw new PickleException("refers to something outside that is no storage of values");
        }

        if (!PlainKey().IsMatch(key))
        {
            throw new PickleException($"names the storage '{key}'; such names are made of letters and digits");
        }

        var type = PickleNames.OfStorage(storageClass.Name);
        var size = type?.Size ?? 1;
        return count.Sign >= 0 && count <= long.MaxValue / size
            ? new(key, type, size, (long)count)
            : throw new PickleException($"claims {count} elements for the storage '{key}', which no file can hold");
    }

    /// <summary>The value that a call makes, for the names that we know.</summary>
    public static PickleValue Call(PickleValue function, PickleSequence arguments)
    {
        if (function is not PickleReference reference)
        {
            throw new PickleException("calls something that is no function");
        }

        var items = arguments.Items;
        return reference.Kind switch
        {
            PickleName.OrderedDict => OrderedDict(items),
            PickleName.RebuildTensor when items.Count >= 4 => Tensor(items, null),
            PickleName.RebuildTypedTensor when items is { Count: >= 7 } && items[6] is PickleElementType type =>
                Tensor(items, type),
            PickleName.RebuildParameter when items is { Count: >= 1 } && items[0] is PickleTensor tensor =>
                new PickleTensor(tensor.Storage, tensor.Type, tensor.Offset, tensor.Shape, tensor.Strides) { IsParameter = true },
            PickleName.Size when items is [PickleSequence sizes] => new PickleSequence(SequenceKind.Size, [.. sizes.Items]),
            PickleName.Device when items is [PickleText kind] => new PickleDevice(kind.Value),
            PickleName.Device when items is [PickleText kind, PickleInteger index] => new PickleDevice($"{kind.Value}:{index.Value}"),
            PickleName.Encode when items is [PickleText text, PickleText { Value: "latin1" }] => Latin1(text.Value),
            PickleName.Set when items is [PickleSequence values] => new PickleSequence(SequenceKind.Set, [.. values.Items]),
            PickleName.Complex when items is [PickleNumber real, PickleNumber imaginary] =>
                new PickleComplex(new Complex(real.Value, imaginary.Value)),
            PickleName.Parameters when items is [] => new PickleMapping(isOrdered: true) { IsModule = true },
            PickleName.ByteArray when items is [] => new PickleBytes([]),
            PickleName.ByteArray when items is [PickleBytes bytes] => new PickleBytes(bytes.Value.ToArray()),
            PickleName.ByteArray when items is [PickleText text, PickleText { Value: "latin-1" or "latin1" }] => Latin1(text.Value),
            _ => throw new PickleException($"calls {reference.Name} with arguments that it does not take"),
        };
    }

    private static PickleMapping OrderedDict(IReadOnlyList<PickleValue> arguments)
    {
        var mapping = new PickleMapping(isOrdered: true);
        if (arguments is [PickleSequence pairs])
        {
            foreach (var pair in pairs.Items)
            {
                if (pair is not PickleSequence { Items: [var key, var value] } || !mapping.TrySet(key, value))
                {
                    throw new PickleException("makes an OrderedDict of something that is no list of pairs");
                }
            }
        }
        else if (arguments.Count > 0)
        {
            throw new PickleException("makes an OrderedDict of something that is no list of pairs");
        }

        return mapping;
    }

    // (storage, offset, sizes, strides, ...): every element of the view must lie in the storage.
    private static PickleTensor Tensor(IReadOnlyList<PickleValue> arguments, PickleElementType? type)
    {
        if (arguments[0] is not PickleStorage storage || (type ?? storage.Type) is not { } elements)
        {
            throw new PickleException("makes a tensor of something that is no storage");
        }

        var offset = Whole(arguments[1]);
        var (shape, strides) = (Wholes(arguments[2]), Wholes(arguments[3]));
        if (shape.Length != strides.Length)
        {
            throw new PickleException($"has a tensor of {shape.Length} sizes and {strides.Length} strides");
        }

        return IsWithin(storage.ByteCount / elements.Size, offset, shape, strides, elements.Size)
            ? new(storage, elements, offset, shape, strides)
            : throw new PickleException(
                $"has a tensor of shape [{string.Join(", ", shape)}] that reaches beyond its storage '{storage.Key}' of {storage.ByteCount} bytes");
    }

    private static bool IsWithin(long available, long offset, long[] shape, long[] strides, int size)
    {
        var elements = shape.Aggregate(BigInteger.One, (product, side) => product * side);
        if (elements.IsZero)
        {
            return offset <= available;
        }

        // Repeated elements (strides of 0) make a tensor larger than its storage: at most as far as one array goes.
        var last = shape.Zip(strides).Aggregate(new BigInteger(offset), (sum, axis) => sum + ((BigInteger)(axis.First - 1) * axis.Second));
        return last < available && (elements <= available || elements * size <= int.MaxValue);
    }

    private static long[] Wholes(PickleValue value) => value is PickleSequence sequence
        ? [.. sequence.Items.Select(Whole)]
        : throw new PickleException("gives a tensor sizes that are no list");

    private static long Whole(PickleValue value) => value is PickleInteger { Value: var number } && number.Sign >= 0 && number <= long.MaxValue
        ? (long)number
        : throw new PickleException("gives a tensor a size, stride or offset that is negative, too large or no number");

    // Protocol 2 has no bytes: each is a character of a text.
    private static PickleBytes Latin1(string text) => text.All(character => character <= 0xff)
        ? new(Encoding.Latin1.GetBytes(text))
        : throw new PickleException("writes bytes as a text that holds more than bytes");

    [GeneratedRegex("^[0-9A-Za-z_]+$")]
    private static partial Regex PlainKey();
}
