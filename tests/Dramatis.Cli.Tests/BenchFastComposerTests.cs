namespace Dramatis.Cli.Tests;

/// <summary><c>dramatis bench fastcomposer</c>: what it refuses. What it scores is tested below the command line.</summary>
[Collection(CommandRun.Collection)]
public sealed class BenchFastComposerTests
{
    [Theory]
    [InlineData("--face-detector: ", "--face-detector", "a.onnx")]
    [InlineData("--face-detector: ")]
    [InlineData("--face-detector: ", "--fetch-faces", "faces", "--face-landmarks", "a.onnx")]
    [InlineData("a.onnx: there is no such file", "--face-detector", "a.onnx", "--face-embedder", "b.onnx")]
    [InlineData("--prompts takes a number above 0", "--face-detector", "a.onnx", "--face-embedder", "b.onnx", "--prompts", "0")]
    public async Task What_cannot_score_is_refused(string problem, params string[] args)
    {
        var (code, _, error) = await CommandRun.Of(["bench", "fastcomposer", "--model", "models/toybox", "--people", "nobody", "-o", "nowhere", .. args]);

        Assert.NotEqual(0, code);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }
}
