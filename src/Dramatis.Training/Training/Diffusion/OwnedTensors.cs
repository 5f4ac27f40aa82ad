using static TorchSharp.torch;

namespace Dramatis.Training.Diffusion;

/// <summary>Owns the tensors that it is given, whatever scope made them.</summary>
internal abstract class OwnedTensors : IDisposable
{
    private readonly List<Tensor> owned = [];

    public void Dispose()
    {
        owned.ForEach(tensor => tensor.Dispose());
        owned.Clear();
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
}
