using Dramatis.Pipelines;
using Dramatis.Weights;

namespace Dramatis.Tests;

/// <summary>The embedded model with two of its adapters and nothing that imagines: what is learned acts as on any other model.</summary>
public sealed class ToyboxWithoutPrior : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-");

    public ToyboxWithoutPrior()
    {
        ToyboxFolder.LinkTo(folder.FullName);
        ToyboxFolder.LinkAdapterTo(folder.FullName, "ms-diffusion");
        ToyboxFolder.LinkAdapterTo(folder.FullName, "ip-adapter");
        Model = BaseModel.Load(folder.FullName);
        Painter = new(Model);
    }

    public BaseModel Model { get; }

    public Painter Painter { get; }

    public void Dispose()
    {
        Painter.Dispose();
        folder.Delete(recursive: true);
    }
}
