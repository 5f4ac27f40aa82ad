using Dramatis.Benches.Toybox;
using Dramatis.Networks.Vae;
using Dramatis.Pictures;
using Dramatis.Training.Toybox;
using TorchSharp;

namespace Dramatis.Tests.Benches.Toybox;

public sealed class VaeRebuilderTests
{
    [Fact]
    public void A_rebuilt_picture_is_opaque_has_the_same_size_and_leaves_no_tensor_behind()
    {
        using var vae = new AutoencoderKL(ToyboxSizes.Vae);
        var rebuilder = new VaeRebuilder(vae);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var rebuilt = rebuilder.Rebuild(Picture.Filled(64, 32, Rgb.Gray(90)));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(new(64, 32), rebuilt.Size);
        Assert.False(rebuilt.HasAlpha);
    }
}
