using Dramatis.Benches.Metrics;
using Dramatis.Requests;

namespace Dramatis.Tests.Benches.Metrics;

public sealed class BoxScoresTests
{
    private static readonly Box Left = new(0, 0, .5, 1);

    private static readonly Box Right = new(.5, 0, 1, 1);

    [Fact]
    public void Overlap_is_one_with_itself_none_beside_and_the_share_of_the_union_else()
    {
        Assert.Equal(1, Left.Iou(Left));
        Assert.Equal(0, Left.Iou(Right));
        Assert.Equal(.5, Left.Iou(Box.Whole), 1e-12);
        Assert.Equal(0, default(Box).Iou(default));
    }

    [Fact]
    public void Finding_all_boxes_first_gives_full_precision_and_a_surer_mistake_costs()
    {
        LabelledBox[] truth = [new(Left, 1)];
        var right = new DetectedPicture(truth, [new(Left, 1, .9), new(Right, 1, .1)]);
        var wrong = new DetectedPicture(truth, [new(Left, 1, .1), new(Right, 1, .9)]);

        Assert.Equal(1, BoxScores.AveragePrecision([right], 1, .5));
        Assert.Equal(.5, BoxScores.AveragePrecision([wrong], 1, .5));
    }

    [Fact]
    public void One_true_box_is_found_once()
    {
        var twice = new DetectedPicture([new(Left, 1), new(Right, 1)], [new(Left, 1, .9), new(Left, 1, .8)]);

        Assert.InRange(BoxScores.AveragePrecision([twice], 1, .5), .5, .52);
    }

    [Fact]
    public void A_true_box_without_a_detection_of_its_label_has_no_overlap()
    {
        var missed = new DetectedPicture([new(Left, 1), new(Right, 2)], [new(Left, 1), new(Right, 1)]);

        Assert.Equal(.5, BoxScores.MeanIou([missed]));
    }
}
