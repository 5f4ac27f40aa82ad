using Dramatis.Tests.Verification;
using Dramatis.Weights;

namespace Dramatis.Tests.Weights;

/// <summary>The embedded model, loaded once for a class of tests.</summary>
public sealed class ToyboxModel : IDisposable
{
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(GoldenData.InRepository, "..", "..", "models", "toybox"));

    public BaseModel Model { get; } = BaseModel.Load(Folder);

    public void Dispose() => Model.Dispose();
}
