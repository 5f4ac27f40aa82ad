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
        networks.WriteTo(writer);
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
