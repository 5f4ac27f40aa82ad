using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Pictures;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>What the checks of IP-Adapter read.</summary>
internal static class IpAdapterFixture
{
    public static UNet BuildUNet(GoldenCase golden, string folder)
    {
        var part = ModelPart.Open(golden.PathOf(folder));
        return new(UNetConfig.Parse(part.ReadConfig(), part.ConfigPath));
    }

    /// <summary>An adapter's file, with what the small models need to be told of it.</summary>
    public static IpAdapterNetwork Load(GoldenCase golden, string path, UNet unet)
    {
        var settings = golden.Text("adapter_settings");
        var all = ConfigReader.Parse(golden.ReadText(settings), golden.PathOf(settings));
        using var weights = TensorArchive.Open(golden.PathOf(path));
        return IpAdapterMethod.LoadNetwork(weights, all.Section(Path.GetFileNameWithoutExtension(path)), unet);
    }

    /// <summary>What the adapter reads of pictures, and as many rows of what it reads of none.</summary>
    public static (Tensor Features, Tensor Nothing) Encode(GoldenCase golden, IpAdapterConfig config, IReadOnlyList<Picture> pictures)
    {
        var part = ModelPart.Open(golden.PathOf(golden.Text("image_encoder")));
        using var encoder = part.Load(() => new ClipVisionEncoder(ClipVisionConfig.Parse(part.ReadConfig(), part.ConfigPath)), ClipKeys.PublishedVision);
        var references = new ReferenceEncoder(encoder, config);
        return (references.Encode(pictures), references.EncodeNothing(pictures.Count));
    }
}
