using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>Owns the tensors that it is given, whatever scope made them.</summary>
internal abstract class OwnedTensors : IDisposable
{
    private readonly List<Tensor> owned = [];

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes a tensor over.</summary>
    protected T Own<T>(T tensor)
        where T : Tensor?
    {
        if (tensor is not null)
        {
            owned.Add(tensor.DetachFromDisposeScope());
        }

        return tensor;
    }

    protected virtual void Dispose(bool disposing)
    {
        owned.ForEach(tensor => tensor.Dispose());
        owned.Clear();
    }
}
