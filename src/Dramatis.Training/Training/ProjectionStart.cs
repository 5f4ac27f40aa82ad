using Dramatis.Conditioning;
using Dramatis.Networks.UNet;
using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What the projections of image tokens begin as: those that a network has for its text.</summary>
internal static class ProjectionStart
{
    public static void CopyText(UNet unet, Func<AttentionSite, ImageProjections> of)
    {
        using var off = no_grad();
        var own = unet.state_dict();
        foreach (var site in unet.Sites)
        {
            var image = of(site).state_dict();
            image["to_k_ip.weight"].copy_(own[$"{site.Path}.to_k.weight"]);
            image["to_v_ip.weight"].copy_(own[$"{site.Path}.to_v.weight"]);
        }
    }
}
