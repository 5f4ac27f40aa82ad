using System.Text.Json;
using Dramatis.Benches.Speed;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using TorchSharp;

namespace Dramatis.Tests.Benches.Speed;

public sealed class SubjectBenchTests
{
    private const int TextWidth = 12;
    private const int Queries = 3;

    private static readonly UNetConfig UNet = new()
    {
        BlockWidths = [32, 64],
        Attention = [true, false],
        Heads = [2, 2],
        TransformerLayers = [1, 1],
        TextWidth = TextWidth,
    };

    private static readonly SpeedFamily Tiny = new("tiny", new(64, 64), UNet, new VaeConfig { BlockWidths = [32, 32, 32, 32] })
    {
        Adapter = new MsDiffusionConfig
        {
            Resampler = new()
            {
                Width = 8,
                Depth = 1,
                Heads = 2,
                HeadWidth = 4,
                Queries = Queries,
                FeatureWidth = 6,
                PhraseWidth = 5,
                OutputWidth = TextWidth,
            },
        },
    };

    [Fact]
    public void Each_number_of_subjects_is_compared_with_none_and_says_what_it_keeps()
    {
        var result = SubjectBench.Run(Tiny, Tiny.Size, BenchedMethod.All[0], [6, 2], rounds: 2, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([0, 2, 6], result.Costs.Select(cost => cost.Subjects));
        Assert.Equal((1, 0, 0, 0), (result.Costs[0].Ratio, result.Costs[0].Share, result.Costs[0].HeldMemory, result.Costs[0].AddedMemory));
        Assert.All(result.Costs.Skip(1), cost => Assert.True(cost.Share is > 0 and < 1 && cost.Ratio > 0));
        Assert.Equal([Held(2), Held(6)], result.Costs.Skip(1).Select(cost => cost.HeldMemory));
        Assert.True(result.Adapter > 0);
    }

    [Fact]
    public void FastComposer_keeps_a_text_and_a_vector_for_each_subject_and_adds_no_attention()
    {
        var costs = SubjectBench.Run(Tiny, Tiny.Size, BenchedMethod.Find("fastcomposer"), [2], 2, null, TestContext.Current.CancellationToken).Costs;

        Assert.Equal(0, costs[1].Share);
        Assert.Equal(sizeof(float) * ((SpeedFamily.Rows * SpeedFamily.Tokens * TextWidth) + (2 * 768)), costs[1].HeldMemory);
    }

    [Fact]
    public void The_report_has_a_line_and_an_object_for_each_number()
    {
        var result = SubjectBench.Run(Tiny, Tiny.Size, BenchedMethod.All[0], [1], rounds: 1, cancellationToken: TestContext.Current.CancellationToken);

        using var json = JsonDocument.Parse(SubjectReport.Json(result));
        Assert.Equal([0, 1], json.RootElement.GetProperty("costs").EnumerateArray().Select(cost => cost.GetProperty("subjects").GetInt32()));
        Assert.Equal(5, SubjectReport.Text(result).Split('\n').Length);
    }

    [Theory]
    [InlineData("ms-diffusion")]
    [InlineData("fastcomposer")]
    public void Nothing_is_left_alive(string name)
    {
        var method = BenchedMethod.Find(name);
        SubjectBench.Run(Tiny, Tiny.Size, method, [1], rounds: 1, cancellationToken: TestContext.Current.CancellationToken);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        SubjectBench.Run(Tiny, Tiny.Size, method, [1], rounds: 1, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // Bytes of two rows: keys and values of five sites 32 wide and one 64 wide, the tokens, the boxes, masks of 8 x 8 and 4 x 4 cells.
    private static long Held(int subjects)
    {
        var tokens = Tiny.Adapter.Dummies + (subjects * Queries);
        return 2 * sizeof(float) * ((2 * tokens * ((5 * 32) + 64)) + (tokens * TextWidth) + (subjects * 4) + (((8 * 8) + (4 * 4)) * tokens));
    }
}
