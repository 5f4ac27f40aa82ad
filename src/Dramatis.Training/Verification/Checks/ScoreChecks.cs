using System.Text.Json;
using Dramatis.Benches.Metrics;

namespace Dramatis.Verification.Checks;

/// <summary>Cosine scores of pictures from given features.</summary>
internal sealed class ScoresCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["scores"];

    public GoldenResult Run(GoldenCase golden)
    {
        var expected = golden.Fixture.GetProperty("samples").EnumerateArray().ToList();
        var ours = expected.Select((_, i) => FeatureScores.Of(
            (golden.Tensor($"{i}.gen_clip"), golden.Tensor($"{i}.ref_clip"), golden.Tensor($"{i}.text_clip")),
            (golden.Tensor($"{i}.gen_dino"), golden.Tensor($"{i}.ref_dino")))).ToList();
        var pairs = golden.Fixture.GetProperty("pairwise");
        return new()
        {
            Outputs =
            [
                new("samples", expected.Zip(ours, Largest).Max(), golden.Tolerance("samples")),
                new("mean", Largest(golden.Fixture.GetProperty("mean"), FeatureScores.Mean(ours)), golden.Tolerance("mean")),
                new("pairwise", Math.Max(
                    Apart(pairs, "all_pairs_mean", FeatureScores.MeanOfPairs(golden.Tensor("pair.gen"), golden.Tensor("pair.ref"))),
                    Apart(pairs, "within_gen_mean", FeatureScores.MeanWithin(golden.Tensor("pair.gen")))), golden.Tolerance("pairwise")),
            ],
        };
    }

    private static double Largest(JsonElement expected, FeatureScores ours) => new[]
    {
        Apart(expected, "clip_t", ours.ClipT),
        Apart(expected, "clip_i", ours.ClipI),
        Apart(expected, "dino", ours.Dino),
        Apart(expected, "m_dino", ours.MDino),
    }.Max();

    private static double Apart(JsonElement expected, string name, double ours) => Math.Abs(expected.GetProperty(name).GetDouble() - ours);
}

/// <summary>Fréchet distance of given features.</summary>
internal sealed class FrechetCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fid"];

    public GoldenResult Run(GoldenCase golden) => new()
    {
        Outputs =
        [
            .. golden.Fixture.GetProperty("values").EnumerateObject().Select(item =>
            {
                var names = item.Name.Split('_');
                var ours = FrechetDistance.Of(golden.Tensor(names[0]), golden.Tensor(names[1]));
                return new GoldenDifference(item.Name, Math.Abs(ours - item.Value.GetDouble()), golden.Tolerance("values"));
            }),
        ],
    };
}
