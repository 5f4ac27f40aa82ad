using System.Text;

namespace Dramatis.Checkpoints.Pickles;

/// <summary>Writes the pickle of tensors and dictionaries, protocol 2, in the words that torch.load knows.</summary>
internal sealed class PickleWriter(BinaryWriter to)
{
    public void Begin() => to.Write([0x80, 2]);

    public void End() => to.Write((byte)'.');

    /// <summary>Keys and values come in turn until <see cref="EndDictionary"/>.</summary>
    public void BeginDictionary() => to.Write("}("u8);

    public void EndDictionary() => to.Write((byte)'u');

    public void Text(string text)
    {
        var letters = Encoding.UTF8.GetBytes(text);
        to.Write((byte)'X');
        to.Write(letters.Length);
        to.Write(letters);
    }

    /// <summary>_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks) of a storage that holds just this tensor.</summary>
    /// <param name="key">Of the storage: the name of its entry in the zip file.</param>
    public void Tensor(PickleElementType type, IReadOnlyList<long> shape, int key)
    {
        to.Write("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
        Text("storage");
        to.Write(Encoding.ASCII.GetBytes($"c{PickleNames.StorageOf(type)!.Replace('.', '\n')}\n"));
        Text(key.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Whole(shape.Aggregate(1L, (product, size) => checked(product * size)));
        to.Write("tQ"u8);                                // a tuple that names the storage
        Whole(0);
        Tuple(shape);
        Tuple(Strides(shape));
        to.Write((byte)0x89);                            // False
        to.Write("ccollections\nOrderedDict\n)RtR"u8);
    }

    /// <summary>The same as a parameter of a module: _rebuild_parameter(tensor, requires_grad, hooks).</summary>
    public void Parameter(PickleElementType type, IReadOnlyList<long> shape, int key)
    {
        to.Write("ctorch._utils\n_rebuild_parameter\n("u8);
        Tensor(type, shape, key);
        to.Write((byte)0x88);                            // True
        to.Write("ccollections\nOrderedDict\n)RtR"u8);
    }

    private void Whole(long number)
    {
        if (number is >= int.MinValue and <= int.MaxValue)
        {
            to.Write((byte)'J');
            to.Write((int)number);
            return;
        }

        to.Write([0x8a, sizeof(long)]);
        to.Write(number);
    }

    private void Tuple(IReadOnlyList<long> numbers)
    {
        to.Write((byte)'(');
        foreach (var number in numbers)
        {
            Whole(number);
        }

        to.Write((byte)'t');
    }

    private static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= shape[i];
        }

        return strides;
    }
}
