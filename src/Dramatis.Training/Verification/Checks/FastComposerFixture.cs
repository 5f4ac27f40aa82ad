using System.Text.Json.Nodes;
using Dramatis.Checkpoints;
using Dramatis.Methods.FastComposer;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>The released files as a user lays them: a Stable Diffusion folder whose <c>adapters/fastcomposer</c> has the checkpoint.</summary>
/// <remarks>The golden folder has no denoiser of its own. Here it has one of zeros, which shows whether the checkpoint's takes its place.</remarks>
internal sealed class FastComposerFixture : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly PatchedWeights patched;

    public FastComposerFixture(GoldenCase golden)
    {
        var base15 = golden.PathOf(golden.Text("sd15"));
        foreach (var path in Directory.EnumerateFileSystemEntries(base15).Where(path => Path.GetFileName(path) != ModelNetwork.UNet.Name()))
        {
            File.CreateSymbolicLink(In(Path.GetFileName(path)), path);
        }

        WriteZeros(Path.Combine(base15, ModelNetwork.UNet.Name(), ModelPart.ConfigName));
        var adapter = Path.Combine(ModelFolder.AdaptersName, FastComposerMethod.Name);
        Directory.CreateDirectory(In(adapter));
        File.CreateSymbolicLink(In(Path.Combine(adapter, "pytorch_model.bin")), golden.PathOf(golden.Text("checkpoint")));
        WriteVision(golden, In(ModelNetwork.ImageEncoder.Name()));
        Model = BaseModel.Load(folder);
        patched = new(Model);
        Parts = FastComposerFile.Load(Model);
        patched.Apply(new ScaledPatch(Parts.Patch!));
    }

    /// <summary>With the checkpoint's weights.</summary>
    public BaseModel Model { get; }

    public FastComposerParts Parts { get; }

    public void Dispose()
    {
        patched.Dispose();
        Parts.Dispose();
        Model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void WriteZeros(string config)
    {
        var unet = Directory.CreateDirectory(In(ModelNetwork.UNet.Name())).FullName;
        File.Copy(config, Path.Combine(unet, ModelPart.ConfigName));
        using var network = new UNet(UNetConfig.Parse(File.ReadAllText(config), config));
        using var off = no_grad();
        foreach (var weight in network.parameters())
        {
            weight.zero_();
        }

        Checkpoint.Save(network, Path.Combine(unet, ModelNetwork.UNet.WeightsName()), TensorType.F32);
    }

    private static void WriteVision(GoldenCase golden, string folder)
    {
        var path = Path.Combine(golden.PathOf(golden.Text("clip")), ModelPart.ConfigName);
        var vision = ClipModel.ParseConfig(File.ReadAllText(path), path).Vision;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, ModelPart.ConfigName), JsonNode.Parse(vision.ToJson())!.ToJsonString());
    }

    private string In(string name) => Path.Combine(folder, name);
}
