using Dramatis.Checkpoints;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.UNet;
using Dramatis.Weights;

namespace Dramatis.Verification.Checks;

/// <summary>What the checks of EasyRef read.</summary>
internal static class EasyRefFixture
{
    public static ModelPart Language(GoldenCase golden) => ModelPart.Open(golden.PathOf(golden.Text("qwen2vl")));

    public static TensorArchive OpenCheckpoint(GoldenCase golden) => TensorArchive.Open(golden.PathOf(golden.Text("checkpoint")));

    public static EasyRefConfig Config(GoldenCase golden) => new() { Side = golden.Fixture.GetProperty("cond_image_size").GetInt32() };

    /// <summary>The network of a fixture's checkpoint.</summary>
    public static EasyRefNetwork Load(GoldenCase golden, UNet unet, ModelLoading? loading = null)
    {
        using var weights = OpenCheckpoint(golden);
        using var checkpoint = EasyRefNames.Open(weights, unet.Sites);
        return EasyRefFile.LoadNetwork(checkpoint, Language(golden), unet, loading);
    }
}
