using Dramatis.Networks.Clip;
using Dramatis.Weights;

namespace Dramatis.Tests;

/// <summary>The embedded model, loaded once for a class of tests.</summary>
public sealed class ToyboxModel : IDisposable
{
    public ToyboxModel()
        : this(WeightStorage.Widened)
    {
    }

    internal ToyboxModel(WeightStorage storage)
    {
        Model = BaseModel.Load(ToyboxFolder.Path, new() { Storage = storage });
        Vision = Model.Folder.LoadImageEncoder();
    }

    public BaseModel Model { get; }

    internal ClipVisionEncoder Vision { get; }

    public void Dispose()
    {
        Vision.Dispose();
        Model.Dispose();
    }
}
