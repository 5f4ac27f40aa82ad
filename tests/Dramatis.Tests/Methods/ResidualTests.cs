using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods;

public sealed class ResidualTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private string File => Path.Combine(folder, "dog.pt");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Rows_come_back_to_the_bit()
    {
        using var scope = NewDisposeScope();
        var rows = randn(2, 24);

        Residual.Write(File, rows);

        Assert.True(Residual.Read(File, 24).eq(rows).all().item<bool>());
    }

    [Fact]
    public void A_residual_of_another_model_is_refused_with_both_widths()
    {
        using var scope = NewDisposeScope();
        Residual.Write(File, ones(1, 768));

        var error = Assert.Throws<InvalidCheckpointException>(() => Residual.Read(File, 1024));

        Assert.Contains("768 wide", error.Message, StringComparison.Ordinal);
        Assert.Contains("1024 wide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_residual_are_refused_by_what_they_hold()
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(new Dictionary<string, Tensor> { ["a"] = ones(3), ["b"] = ones(3) }, File);
        Assert.Contains("2 tensors", Assert.Throws<InvalidCheckpointException>(() => Residual.Read(File)).Message, StringComparison.Ordinal);

        Checkpoint.Save(new Dictionary<string, Tensor> { ["a"] = ones(1, 2, 3) }, File);
        Assert.Contains("[1, 2, 3]", Assert.Throws<InvalidCheckpointException>(() => Residual.Read(File)).Message, StringComparison.Ordinal);
    }
}
