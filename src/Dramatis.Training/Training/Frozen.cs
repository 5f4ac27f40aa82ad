using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Dramatis.Training;

/// <summary>Weights of borrowed networks that want no gradients until this is disposed.</summary>
internal sealed class Frozen : IDisposable
{
    private readonly Parameter[] weights;

    private Frozen(Parameter[] weights) => this.weights = weights;

    /// <summary>Has the networks' weights want none; those that wanted some want them again when it is disposed.</summary>
    public static Frozen Take(params IEnumerable<Module> networks)
    {
        var taken = new Frozen([.. networks.SelectMany(network => network.parameters()).Where(weight => weight.requires_grad)]);
        taken.Want(false);
        return taken;
    }

    public void Dispose() => Want(true);

    private void Want(bool gradients)
    {
        foreach (var weight in weights.Where(weight => !weight.IsInvalid))
        {
            weight.requires_grad = gradients;
        }
    }
}
