using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Benches.Faces;

/// <summary>Finds the points of a face: a network from grey pixels (1, 1, S, S), 0 to 1, to 68 points (1, 136), across and down as fractions of the crop.</summary>
internal sealed class FaceLandmarks : IDisposable
{
    private const int Points = 68;

    // Of the 68 (iBUG 300-W): eyes, tip of the nose, corners of the mouth, each the mean of some.
    private static readonly int[][] Five = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]];

    private readonly OnnxModel model;
    private readonly int side;

    private FaceLandmarks(OnnxModel model, OnnxSettings settings)
    {
        this.model = model;
        settings.RequireKnown([], []);
        side = model.Inputs is [var input] && model.ShapeOf(input) is [_, 1, > 0 and var height, var width] && height == width
            ? (int)height
            : throw new InvalidConfigException(settings.Config.Path, $"{model.Path} has other inputs; it must take grey pixels [1, 1, side, side].");
    }

    /// <param name="path">The ONNX file; settings are read from the JSON file of the same name.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or the model has other inputs or outputs.</exception>
    public static FaceLandmarks Load(string path)
    {
        var settings = OnnxSettings.Beside(path);
        return OnnxModel.OpenFor(path, model => new FaceLandmarks(model, settings));
    }

    /// <summary>Left eye, right eye, nose, left and right corner of the mouth, as the picture shows them.</summary>
    /// <param name="face">Inside the picture.</param>
    /// <exception cref="InvalidCheckpointException">The model fails, or gives other shapes.</exception>
    public IReadOnlyList<(double X, double Y)> Of(Picture picture, PixelBox face)
    {
        var grey = picture.Crop(face).Resize(new(side, side), ResizeFilter.Bilinear).ToGrey();
        var pixels = new OnnxTensor([.. grey.Select(value => value / 256f)], 1, 1, side, side);
        var found = model.Run(new Dictionary<string, OnnxTensor> { [model.Inputs[0]] = pixels }, model.Outputs[0])[0];
        return found.Values.Length == 2 * Points
            ? [.. Five.Select(some => (
                face.Left + (face.Width * some.Average(i => found.Values[2 * i])),
                face.Top + (face.Height * some.Average(i => found.Values[(2 * i) + 1]))))]
            : throw new InvalidCheckpointException(model.Path, $"gives {OnnxTensor.Text(found.Shape)}; it must give the 68 points of a face, [1, 136].");
    }

    public void Dispose() => model.Dispose();
}
