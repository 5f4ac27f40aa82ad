using Dramatis.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>Networks whose weights are noise: of no use to paint with, but as large and as fast as trained ones.</summary>
internal static class RandomWeights
{
    /// <summary>A network, given memory once.</summary>
    /// <remarks>Noise of variance 1 / inputs leaves the size of activations as it is; norms start with 1 and 0.</remarks>
    /// <param name="loading">As stored is in half precision, as if read from such a file.</param>
    /// <exception cref="OperationCanceledException">Stopped between two weights.</exception>
    public static T Build<T>(Func<T> build, ModelLoading? loading = null, CancellationToken cancellationToken = default)
        where T : Module
    {
        var network = Layers.WithoutMemory(build);
        try
        {
            Fill(network, loading ?? new(), cancellationToken);
            return network;
        }
        catch (OperationCanceledException)
        {
            network.Dispose();
            throw;
        }
    }

    private static void Fill(Module network, ModelLoading loading, CancellationToken cancellationToken)
    {
        var narrow = Checkpoint.NarrowWeights(network, loading);
        using var off = no_grad();
        foreach (var (name, weight) in network.state_dict())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var home = narrow.Contains(name) ? loading.Compute with { Type = ScalarType.Float16 } : loading.Compute;
            var room = Checkpoint.Room(weight, home);    // before what goes: see Checkpoint
            Checkpoint.Give(weight, room.copy_(Noise(name, weight, room.device)));
            weight.DetachFromDisposeScope();
        }
    }

    private static Tensor Noise(string name, Tensor weight, Device device)
    {
        if (weight.dim() < 2)
        {
            return full(weight.shape, name.EndsWith("bias", StringComparison.Ordinal) ? 0f : 1f, device: device);
        }

        var reach = Math.Sqrt(3.0 * weight.shape[0] / weight.numel());
        return empty(weight.shape, device: device).uniform_(-reach, reach);
    }
}
