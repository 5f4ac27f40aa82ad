using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Tests.Training.Subjects;

public sealed class SubjectViewTests
{
    [Fact]
    public void A_subject_stands_in_the_box_around_its_mask()
    {
        var mask = Picture.Filled(10, 20, Rgb.Black);
        for (var y = 5; y < 15; y++)
        {
            mask.Row(y)[(4 * 2)..(4 * 4)].Fill(255);
        }

        Assert.Equal(new Box(.2, .25, .4, .75), new SubjectView(mask, mask).Place);
    }

    [Fact]
    public void Without_a_mask_or_with_nothing_left_of_it_it_is_all_of_the_view()
    {
        var picture = Picture.Filled(10, 20, Rgb.Black);

        Assert.Equal(Box.Whole, new SubjectView(picture).Place);
        Assert.Equal(Box.Whole, new SubjectView(picture, picture).Place);
    }
}
