using Dramatis.Training.EasyRef;

namespace Dramatis.Tests.Training.EasyRef;

public sealed class NearSizeTests
{
    [Theory]
    [InlineData(640, 480, 1216, 896)]
    [InlineData(3000, 4000, 896, 1216)]
    [InlineData(1200, 900, 1216, 960)]    // nearly as large: not scaled
    [InlineData(1024, 768, 1024, 768)]
    [InlineData(512, 512, 1024, 1024)]
    public void Sizes_are_those_of_the_reference(int width, int height, int nearWidth, int nearHeight) =>
        Assert.Equal(new(nearWidth, nearHeight), NearSize.Of(new(width, height), 1024));
}
