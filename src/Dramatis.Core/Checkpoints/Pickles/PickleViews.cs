namespace Dramatis.Checkpoints.Pickles;

/// <summary>Copies the values of a view out of its storage: row-major, little-endian.</summary>
internal static class PickleViews
{
    public static void Read(ITorchContainer container, PickleTensor view, Span<byte> destination)
    {
        if (destination.Length == 0)
        {
            return;
        }

        var size = view.Type.Size;
        if (IsContiguous(view))
        {
            container.Read(view.Storage, view.Offset * size, destination);
        }
        else
        {
            Gather(container, view, destination);
        }

        if (container.IsBigEndian)
        {
            for (var i = 0; i < destination.Length; i += size)
            {
                destination.Slice(i, size).Reverse();
            }
        }
    }

    private static bool IsContiguous(PickleTensor view)
    {
        long expected = 1;
        for (var i = view.Shape.Count - 1; i >= 0; i--)
        {
            if (view.Shape[i] != 1 && view.Strides[i] != expected)
            {
                return false;
            }

            expected *= view.Shape[i];
        }

        return true;
    }

    // The stretch of the storage that the view spans, then one element after another.
    private static void Gather(ITorchContainer container, PickleTensor view, Span<byte> destination)
    {
        var size = view.Type.Size;
        long last = 0;
        for (var i = 0; i < view.Shape.Count; i++)
        {
            last += (view.Shape[i] - 1) * view.Strides[i];
        }

        var stretch = new byte[checked((last + 1) * size)];
        container.Read(view.Storage, view.Offset * size, stretch);
        var index = new long[view.Shape.Count];
        long element = 0;
        for (var written = 0; written < destination.Length; written += size)
        {
            stretch.AsSpan((int)(element * size), size).CopyTo(destination[written..]);
            for (var i = index.Length - 1; i >= 0; i--)
            {
                element += view.Strides[i];
                if (++index[i] < view.Shape[i])
                {
                    break;
                }

                element -= view.Shape[i] * view.Strides[i];
                index[i] = 0;
            }
        }
    }
}
