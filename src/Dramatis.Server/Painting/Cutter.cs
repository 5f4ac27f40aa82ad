using System.Runtime.CompilerServices;
using Dramatis.CutOut;
using Dramatis.Pictures;
using Dramatis.Training.Preparation.Onnx;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Painting;

/// <summary>Cuts photographs out by the user's matting model, where the catalogue has one, else from their border.</summary>
/// <remarks>Nothing is loaded before it is needed. The command line compiles this file too: it must need nothing of the web.</remarks>
internal sealed class Cutter(ModelCatalog catalog) : ICutOut, IDisposable
{
    private ICutOut? inner;

    public Picture? Mask(Picture picture) => (inner ??= Open()).Mask(picture);

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private ICutOut Open() =>
        catalog.Entries.FirstOrDefault(entry => entry.Contents.Kind == ModelContents.Matting) is { } entry ? MattingModel.Load(entry.Path) : WithOpenCv();

    // Not inlined: OpenCV's assembly is loaded with the method that names it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GrabCut WithOpenCv() => new();
}
