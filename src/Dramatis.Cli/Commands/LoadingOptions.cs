using System.CommandLine;
using Dramatis.Tensors;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>--weights</c>, <c>--device</c> and <c>--precision</c>: how a command that computes for long with a model reads it.</summary>
internal sealed class LoadingOptions
{
    private readonly Option<string> storage = StorageOption.Create(withInt8: true);
    private readonly Option<string> device = UsualOptions.Device();
    private readonly Option<string> precision = new("--precision")
    {
        Description = $"What networks compute in: {string.Join(", ", Precisions.All)}; half precision takes half the memory, and less time on a GPU. The VAE "
            + "stays in fp32.",
        DefaultValueFactory = _ => Precisions.All[0],
    };

    public LoadingOptions() => precision.AcceptOnlyFromAmong([.. Precisions.All]);

    public IReadOnlyList<Option> All => [storage, device, precision];

    /// <exception cref="Errors.DeviceUnavailableException">There is no such device.</exception>
    public ModelLoading Read(ParseResult parsed) => new()
    {
        Storage = StorageOption.Read(parsed.GetRequiredValue(storage)),
        Device = Devices.Find(parsed.GetRequiredValue(device), "--device"),
        Precision = Precisions.Parse(parsed.GetRequiredValue(precision), "--precision"),
    };
}
