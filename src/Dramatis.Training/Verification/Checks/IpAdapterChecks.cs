using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Pictures to features to tokens, and what stands for no picture.</summary>
internal sealed class IpProjectorCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ip_projector"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var unet = Layers.WithoutMemory(() => IpAdapterFixture.BuildUNet(golden, $"../models/{golden.Text("family")}/unet"));
        using var network = IpAdapterFixture.Load(golden, golden.Text("adapter"), unet);
        var pictures = golden.Fixture.GetProperty("references").EnumerateArray().Select(path => PictureReader.Read(golden.PathOf(path.GetString()!))).ToList();
        var (features, nothing) = IpAdapterFixture.Encode(golden, network.Config, pictures);
        return golden.Compare(
            ("features", features),
            ("uncond_features", nothing),
            ("tokens", network.forward(golden.Tensor("features"))),
            ("uncond_tokens", network.forward(golden.Tensor("uncond_features"))));
    }
}

/// <summary>One call of a UNet with an adapter.</summary>
internal sealed class IpDenoiserCheck : IGoldenCheck
{
    private static readonly StepInfo FirstStep = new(0, 1, 1, 0);

    public IReadOnlyList<string> Components => ["ip_denoiser"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var weights = ModelPart.Open(golden.PathOf(golden.Text("unet"))).OpenWeights();
        using var unet = Checkpoint.Load(() => IpAdapterFixture.BuildUNet(golden, golden.Text("unet")), weights);
        using var network = IpAdapterFixture.Load(golden, golden.Text("adapter"), unet);
        var strength = golden.Fixture.GetProperty("scale").GetDouble();
        using var session = new ImageTokenSession(network.Show(golden.Tensor("image_tokens"), new(strength)));

        var context = new StepContext(FirstStep, golden.Tensor("text"), session)
        {
            Added = unet.Config.Added is null ? null : new(golden.Tensor("text_embeds"), golden.Tensor("time_ids")),
        };
        return golden.Compare(("out", unet.forward(golden.Tensor("sample"), golden.Tensor("timestep"), context)));
    }
}

/// <summary>A mask picture to the factors of feature maps, which are known by their number of cells alone.</summary>
internal sealed class IpMaskCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["ip_mask"];

    public GoldenResult Run(GoldenCase golden)
    {
        var picture = PictureReader.Read(golden.PathOf(golden.Text("mask")));
        var size = new PixelSize(golden.Fixture.GetProperty("width").GetInt32(), golden.Fixture.GetProperty("height").GetInt32());
        var whole = RegionMask.Of(picture, size).At(new(size.Width, size.Height)).view(1, 1, size.Height, size.Width);
        var queries = golden.Fixture.GetProperty("queries").EnumerateArray().Select(count => count.GetInt32());
        return golden.Compare(
        [
            ("mid.mask", whole),
            .. queries.Select(count => ($"out_{count}", RegionMask.Of(picture, size, guessesGrids: true).At(new(count, 1)).view(1, count))),
        ]);
    }
}
