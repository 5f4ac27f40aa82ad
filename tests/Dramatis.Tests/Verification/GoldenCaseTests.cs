using Dramatis.Errors;
using Dramatis.Verification;
using Dramatis.Verification.Checks;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Verification;

public sealed class GoldenCaseTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_largest_difference_is_measured_against_the_output_s_own_tolerance()
    {
        using var scope = NewDisposeScope();
        using var golden = Case("""{"a": 0.5, "default": 0.01}""", ("a", zeros(3)), ("b", zeros(2, 2)));

        var result = golden.Compare(("a", tensor(new[] { 0f, -0.25f, 0.125f })), ("b", full(2, 2, 0.0625f)));

        Assert.Equal([0.25, 0.0625], result.Outputs.Select(output => output.Largest));
        Assert.Equal([true, false], result.Outputs.Select(output => output.Fits));
        Assert.Equal("b", result.Worst?.Name);
        Assert.False(result.Passed);
    }

    [Fact]
    public void The_first_tensor_on_the_way_that_differs_is_named_and_does_not_decide()
    {
        using var scope = NewDisposeScope();
        using var golden = Case("0.1", ("mid.first", zeros(1)), ("mid.second", zeros(1)), ("mid.third", zeros(1)), ("out", zeros(1)));

        var result = golden.Compare(("mid.first", zeros(1)), ("mid.second", ones(1)), ("mid.third", ones(1)), ("out", zeros(1)));

        Assert.Equal("mid.second", result.FirstWrong?.Name);
        Assert.True(result.Passed);
    }

    [Fact]
    public void Another_shape_differs_without_bound()
    {
        using var scope = NewDisposeScope();
        using var golden = Case("1000", ("out", zeros(2, 3)));

        var result = golden.Compare(("out", zeros(3, 2)));

        Assert.Equal(double.PositiveInfinity, result.Worst?.Largest);
        Assert.Equal("shape [3, 2] for [2, 3]", result.Worst?.Detail);
    }

    [Theory]
    [InlineData(float.NaN, float.NaN, true)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, true)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity, false)]
    [InlineData(float.NaN, 0f, false)]
    [InlineData(0f, float.NaN, false)]
    public void What_is_no_number_equals_itself_only(float expected, float ours, bool fits)
    {
        using var scope = NewDisposeScope();
        using var golden = Case("1000", ("out", tensor(new[] { expected, 1f })));

        var result = golden.Compare(("out", tensor(new[] { ours, 1f })));

        Assert.Equal(fits, result.Passed);
    }

    [Fact]
    public void A_check_that_compares_nothing_has_not_passed()
    {
        Assert.False(new GoldenResult().Passed);
    }

    [Fact]
    public void A_folder_without_cases_is_refused()
    {
        Assert.Throws<InvalidGoldenException>(() => GoldenRun.Find(folder));
    }

    [Fact]
    public void A_component_that_is_not_built_is_skipped_and_a_broken_fixture_fails()
    {
        Case("1").Dispose();
        Assert.Equal(GoldenOutcome.Skipped, GoldenRun.Run(folder, folder).Outcome);

        File.WriteAllText(Path.Combine(folder, GoldenCase.FixtureName), "{");
        Assert.Equal(GoldenOutcome.Failed, GoldenRun.Run(folder, folder).Outcome);
    }

    [Theory]
    [InlineData("[[1.0], []]", GoldenOutcome.Passed)]
    [InlineData("[[1.0], [0.0, 0.0]]", GoldenOutcome.Passed)]
    [InlineData("[[0.5], []]", GoldenOutcome.Failed)]
    [InlineData("[[], []]", GoldenOutcome.Failed)]
    [InlineData("[[1.0], [0.0, 0.25]]", GoldenOutcome.Failed)]
    public void A_picture_without_true_boxes_counts_for_what_is_found_in_it(string overlaps, GoldenOutcome expected)
    {
        File.WriteAllText(
            Path.Combine(folder, GoldenCase.FixtureName),
            $$$"""
            {
                "component": "box_metrics", "atol": 1e-9, "pair_ious": {{{overlaps}}}, "ap": {"0": {"0.5": 1.0}, "1": {"0.5": 0.0}},
                "ap50": 1.0, "ap75": 1.0, "map": 1.0, "miou": 1.0,
                "images": [
                    {"truth": [{"box": [0, 0, 0.5, 0.5], "label": 0}], "detections": [{"box": [0, 0, 0.5, 0.5], "label": 0, "score": 0.9}]},
                    {"truth": [], "detections": [
                        {"box": [0, 0, 0.5, 0.5], "label": 0, "score": 0.5}, {"box": [0, 0, 0.1, 0.1], "label": 1, "score": 0.5}]}
                ]
            }
            """);

        Assert.Equal(expected, GoldenRun.Run(folder, folder).Outcome);
    }

    private GoldenCase Case(string tolerance, params (string Name, Tensor Values)[] tensors)
    {
        File.WriteAllText(
            Path.Combine(folder, GoldenCase.FixtureName), $$"""{"component": "nothing", "atol": {{tolerance}}}""");
        Checkpoint.Save(
            tensors.ToDictionary(item => item.Name, item => item.Values), Path.Combine(folder, "io.safetensors"));
        return GoldenCase.Open(folder);
    }
}
