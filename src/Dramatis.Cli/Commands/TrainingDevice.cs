using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Cli.Commands;

/// <summary>What a training computes on.</summary>
/// <param name="Workers">Threads that share a step; null for as many as the processor has room for.</param>
internal sealed record TrainingDevice(Device Device, int? Workers)
{
    /// <summary>As <c>--device</c> says. On a GPU matrix products and convolutions round their factors to ten bits (TF32), as trainings with PyTorch do.</summary>
    /// <inheritdoc cref="Devices.Find"/>
    public static TrainingDevice Find(string name)
    {
        var device = Devices.Find(name, "--device");
        if (device.type == DeviceType.CPU)
        {
            return new(device, null);
        }

        backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = true;
        return new(device, 1);
    }
}
