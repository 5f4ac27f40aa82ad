using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Tensors;

public sealed class DevicesTests
{
    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:first")]
    [InlineData("CPU")]
    public void What_is_no_name_of_a_device_is_refused(string name)
    {
        var error = Assert.Throws<InvalidRequestException>(() => Devices.Find(name, "--device"));

        Assert.Equal("--device", error.Field);
        Assert.Contains($"\"{name}\" is no device; write cpu, cuda, or cuda: and a number from 0.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_processor_is_always_there() => Assert.Equal(DeviceType.CPU, Devices.Find("cpu").type);

    [Theory]
    [InlineData("cuda", "cuda:0")]
    [InlineData("cuda:1", "cuda:1")]
    public void Without_CUDA_the_error_says_where_to_get_it(string name, string device)
    {
        Assert.SkipWhen(cuda.is_available(), "This machine has CUDA.");

        var error = Assert.Throws<DeviceUnavailableException>(() => Devices.Find(name));

        Assert.Equal(device, error.Device);
        Assert.StartsWith($"{device}: this libtorch has no CUDA. Set DRAMATIS_LIBTORCH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_told_before_anything_is_read()
    {
        var missing = new Device(DeviceType.CUDA, 99);

        Assert.Equal("cuda:99", Assert.Throws<DeviceUnavailableException>(() => BaseModel.Load("nowhere", new() { Device = missing })).Device);
    }
}
