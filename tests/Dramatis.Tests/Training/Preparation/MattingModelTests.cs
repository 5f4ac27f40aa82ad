using Dramatis.Errors;
using Dramatis.TestKit;
using Dramatis.TestKit.Onnx;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Tests.Training.Preparation;

public sealed class MattingModelTests : IDisposable
{
    private readonly ToyFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_map_of_the_subject_becomes_a_mask_of_the_picture_s_size()
    {
        using var matting = MattingModel.Load(ToyModels.WriteMatting(folder.PathOf(".")));

        var mask = matting.Mask(BusyPhotograph.Make(100, 60));

        Assert.Equal((100, 60), (mask!.Width, mask.Height));
        Assert.InRange(BusyPhotograph.OverlapOf(mask), .85, 1);    // the map has 32 x 32 cells
    }

    [Theory]
    [InlineData("\"channel\": 3", "has 2 maps in 'map' and none of number 3")]
    [InlineData("\"outputs\": { \"mask\": \"alpha\" }", "'alpha', which")]
    [InlineData("\"thresold\": 1", "did you mean \"threshold\"?")]
    public void Settings_that_do_not_fit_are_named(string settings, string words)
    {
        var path = ToyModels.WriteMatting(folder.PathOf("."));
        File.WriteAllText(Path.ChangeExtension(path, ".json"), $"{{ {settings} }}");

        Assert.Contains(words, Assert.ThrowsAny<DramatisException>(Cut).Message, StringComparison.Ordinal);

        void Cut()
        {
            using var matting = MattingModel.Load(path);
            matting.Mask(BusyPhotograph.Make(32, 32));
        }
    }

    [Fact]
    public void The_other_map_is_the_ground_and_where_nothing_is_found_there_is_no_mask()
    {
        var path = ToyModels.WriteMatting(folder.PathOf("."));
        File.WriteAllText(Path.ChangeExtension(path, ".json"), """{ "channel": 1, "mean": [0, 0, 0], "deviation": [1, 1, 1] }""");
        using var ground = MattingModel.Load(path);
        Assert.InRange(BusyPhotograph.OverlapOf(ground.Mask(BusyPhotograph.Make(64, 64))!), 0, .1);

        File.WriteAllText(Path.ChangeExtension(path, ".json"), """{ "threshold": 2, "mean": [0, 0, 0], "deviation": [1, 1, 1] }""");
        using var nothing = MattingModel.Load(path);
        Assert.Null(nothing.Mask(BusyPhotograph.Make(64, 64)));
    }
}
