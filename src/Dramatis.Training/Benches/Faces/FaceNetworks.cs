using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Training.Preparation;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Benches.Faces;

/// <summary>Faces in pictures to numbers that are alike for faces of one person.</summary>
/// <remarks>Shapes: G faces, F numbers of length 1 a face.</remarks>
internal sealed class FaceNetworks : IDisposable
{
    private const int Side = 112;

    private readonly FaceDetector detector;
    private readonly OnnxFeatures embedder;
    private readonly FaceLandmarks? landmarks;

    private FaceNetworks(FaceDetector detector, OnnxFeatures embedder, FaceLandmarks? landmarks) =>
        (this.detector, this.embedder, this.landmarks) = (detector, embedder, landmarks);

    /// <exception cref="DramatisException">A file is missing or damaged, or a model has other inputs or outputs.</exception>
    public static FaceNetworks Load(FaceModels models)
    {
        FaceDetector? detector = null;
        OnnxFeatures? embedder = null;
        try
        {
            detector = FaceDetector.Load(models.Detector);
            embedder = OnnxFeatures.Load(models.Embedder);
            return new(detector, embedder, models.Landmarks is { } path ? FaceLandmarks.Load(path) : null);
        }
        catch
        {
            detector?.Dispose();
            embedder?.Dispose();
            throw;
        }
    }

    /// <summary>All faces of a picture (G, F), the largest first.</summary>
    /// <exception cref="InvalidCheckpointException">A model fails, or gives other shapes.</exception>
    public Tensor Of(Picture picture)
    {
        using var held = FinalizerHold.Take();
        using var scope = NewDisposeScope();
        Tensor[] faces = [.. detector.Find(picture).Select(place => Features(Face(picture, place)))];
        return (faces.Length == 0 ? empty(0, 0) : stack(faces)).MoveToOuterDisposeScope();
    }

    /// <summary>What stands for a face that is missing (F): the numbers of a black picture.</summary>
    public Tensor Nobody() => Features(Picture.Filled(Side, Side, Rgb.Black));

    public void Dispose()
    {
        detector.Dispose();
        embedder.Dispose();
        landmarks?.Dispose();
    }

    private Picture Face(Picture picture, Box place)
    {
        var (width, height) = (picture.Width, picture.Height);
        var (left, top) = ((int)(place.Left * width), (int)(place.Top * height));
        var box = new PixelBox(left, top, Math.Max(left + 1, (int)(place.Right * width)), Math.Max(top + 1, (int)(place.Bottom * height)));
        return landmarks is null ? picture.Crop(box) : FaceAlignment.Align(picture, landmarks.Of(picture, box), Side);
    }

    private Tensor Features(Picture face)
    {
        using var scope = NewDisposeScope();
        return functional.normalize(tensor(embedder.Of(face)), dim: 0).MoveToOuterDisposeScope();
    }
}
