using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Dramatis.Networks.Blocks;

/// <summary>Normalisation layers that start as they should.</summary>
public static class Norms
{
    /// <summary>Group normalisation with weight 1 and bias 0.</summary>
    /// <remarks>TorchSharp 0.107 leaves the weights of its own <c>GroupNorm</c> as it finds the memory: never use it directly.</remarks>
    public static GroupNorm Group(int groups, int width, double epsilon)
    {
        var norm = GroupNorm(groups, width, epsilon);
        init.ones_(norm.weight);
        init.zeros_(norm.bias);
        return norm;
    }
}
