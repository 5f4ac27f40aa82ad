using Dramatis.Errors;
using Dramatis.Tensors;

namespace Dramatis.Tests.Tensors;

public sealed class LibtorchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_folder_without_a_libtorch_is_refused()
    {
        var error = Assert.Throws<LibtorchUnusableException>(() => Libtorch.Load(folder));

        Assert.Equal(folder, error.Folder);
        Assert.Contains("holds no libtorch.so", error.Message, StringComparison.Ordinal);
    }

    // The tests have libtorch beside them, as every ordinary build has.
    [Fact]
    public void A_second_libtorch_is_refused_before_it_ends_the_process()
    {
        File.WriteAllText(Path.Combine(folder, "libtorch.so"), "");

        var error = Assert.Throws<LibtorchUnusableException>(() => Libtorch.Load(folder));

        Assert.Contains("libtorch_cpu.so); take the build without one (eng/device/publish), or unset DRAMATIS_LIBTORCH.", error.Message,
            StringComparison.Ordinal);
    }
}
