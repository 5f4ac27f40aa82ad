using System.Diagnostics;
using System.Globalization;
using Dramatis.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>What libtorch can compute on here.</summary>
public static class Devices
{
    /// <summary>A device by its name: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    /// <param name="field">Where the name comes from, for the message.</param>
    /// <exception cref="InvalidRequestException">It names no device.</exception>
    /// <exception cref="DeviceUnavailableException">There is none of that name here.</exception>
    public static Device Find(string name, string field = "device")
    {
        ArgumentNullException.ThrowIfNull(name);
        var number = 0;
        var device = name switch
        {
            "cpu" => CPU,
            "cuda" => new Device(DeviceType.CUDA, 0),
            _ when name.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan("cuda:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
                => new Device(DeviceType.CUDA, number),
            _ => throw new InvalidRequestException(field, $"\"{name}\" is no device; write cpu, cuda, or cuda: and a number from 0."),
        };
        Check(device);
        return device;
    }

    /// <summary>Returns when all that a device was asked for is done: its operations return before.</summary>
    internal static void Await(Device device)
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }
    }

    /// <exception cref="DeviceUnavailableException">The device is not there.</exception>
    internal static void Check(Device device)
    {
        if (device.type != DeviceType.CUDA)
        {
            return;
        }

        var count = TryInitializeDeviceType(DeviceType.CUDA) ? cuda.device_count() : 0;
        if (Math.Max(0, device.index) >= count)
        {
            throw new DeviceUnavailableException(
                $"{device}",
                count > 0 ? $"this machine has {count} CUDA device{(count > 1 ? "s" : "")}, numbered from 0."
                : HasCuda() ? "libtorch finds no CUDA device; see whether nvidia-smi does, or compute on cpu."
                : $"this libtorch has no CUDA. Set {Libtorch.Variable} to the lib folder of a PyTorch that has (.../site-packages/torch/lib), "
                    + "or compute on cpu.");
        }
    }

    private static bool HasCuda()
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Any(module => module.ModuleName.StartsWith("libtorch_cuda", StringComparison.Ordinal));
    }
}
