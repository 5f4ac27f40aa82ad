using Dramatis.Methods.MsDiffusion;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Tests.Training.Toybox;

/// <summary>A model of 128 pixels, one level smaller than the embedded one, with random weights: what the embedded one has grown from.</summary>
public sealed class SmallToybox : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-");

    public SmallToybox()
    {
        using var networks = new BaseNetworks(ToyboxSizes.Base, TinyBase.Process);
        var writer = new ModelWriter(folder.FullName);
        writer.Network(ModelNetwork.UNet, networks.UNet.Config.ToJson(), networks.UNet);
        writer.Network(ModelNetwork.TextEncoder, networks.TextEncoder.Config.ToJson(), networks.TextEncoder);
        writer.Network(ModelNetwork.ImageEncoder, networks.ImageEncoder.Config.ToJson(), networks.ImageEncoder);
        writer.Adapter(MsDiffusionMethod.Name, networks.Adapter.Config.ToJson(), networks.Adapter);
        writer.Scheduler(ToyboxSizes.Scheduler);
        writer.Index(
            "StableDiffusionPipeline",
            (ModelFolder.SchedulerName, "diffusers", "DDIMScheduler"),
            (ModelNetwork.UNet.Name(), "diffusers", "UNet2DConditionModel"));
    }

    public string Folder => folder.FullName;

    internal ModelPart Part(string name) => ModelPart.Open(Path.Combine(Folder, name));

    public void Dispose() => folder.Delete(recursive: true);
}
