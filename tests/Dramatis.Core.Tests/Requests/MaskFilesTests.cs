using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

public sealed class MaskFilesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_mask_is_given_after_a_plus_or_lies_beside_and_a_name_may_have_one_itself()
    {
        var (plus, tom) = (Write("a+b.png"), Write("tom.jpg"));

        Assert.Equal((tom, null), MaskFiles.Split(tom));
        Assert.Equal((tom, "m.png"), MaskFiles.Split($"{tom}+m.png"));
        Assert.Equal((plus, null), MaskFiles.Split(plus));
        var mask = Write("tom.mask.png");
        Assert.Equal((tom, mask), MaskFiles.Split(tom));
        Assert.Equal((tom, "m.png"), MaskFiles.Split($"{tom}+m.png"));
        Assert.Equal((mask, null), MaskFiles.Split(mask));
    }

    [Fact]
    public void Of_pictures_without_a_mask_beside_others_with_one_all_is_shown()
    {
        var (tom, rex) = (Write("tom.png"), Write("rex.png"));
        var mask = Write("tom.mask.png");

        var subject = SubjectText.Parse($"cat={tom},{rex}@0,0,1,1");

        Assert.Equal(mask, subject.ReferenceMasks[0].Path);
        Assert.All(subject.ReferenceMasks[1].Read("mask").Rgba, value => Assert.Equal(255, value));
        Assert.Empty(SubjectText.Parse($"cat={rex}").ReferenceMasks);
    }

    private string Write(string name)
    {
        var path = Path.Combine(folder, name);
        PictureWriter.WritePng(path, Picture.Filled(4, 4, Rgb.Black));
        return path;
    }
}
