using Dramatis.Networks.Clip;
using Dramatis.Tests.Verification;
using Dramatis.Weights;

namespace Dramatis.Tests.Training;

/// <summary>The embedded model, loaded once for a class of tests.</summary>
public sealed class ToyboxModel : IDisposable
{
    public ToyboxModel()
        : this(WeightStorage.Widened)
    {
    }

    internal ToyboxModel(WeightStorage storage)
    {
        var root = Path.GetFullPath(Path.Combine(GoldenData.InRepository, "..", ".."));
        Model = BaseModel.Load(Path.Combine(root, "models", "toybox"), new() { Storage = storage });
        Vision = Model.Folder.LoadImageEncoder();
    }

    public BaseModel Model { get; }

    public ClipVisionEncoder Vision { get; }

    public void Dispose()
    {
        Vision.Dispose();
        Model.Dispose();
    }
}
