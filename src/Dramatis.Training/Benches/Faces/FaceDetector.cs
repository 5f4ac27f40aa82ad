using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Benches.Faces;

/// <summary>Finds faces: a network that gives boxes (1, N, 4) as fractions of its input and scores (1, N, 2) of no face and of a face, or (1, N).</summary>
internal sealed class FaceDetector : IDisposable
{
    private readonly OnnxModel model;
    private readonly PictureInput pixels;
    private readonly (string Boxes, string Scores) outputs;
    private readonly double threshold;
    private readonly double overlap;

    private FaceDetector(OnnxModel model, OnnxSettings settings)
    {
        this.model = model;
        settings.RequireKnown(["pixels"], ["boxes", "scores"]);
        var inputs = settings.Inputs(model);
        pixels = PictureInput.Read(settings, model, inputs.Of("pixels", "pixel_values"), new(320, 240), PictureFit.Stretch);
        inputs.RequireAll([pixels.Name], ["pixels"]);
        outputs = (settings.Outputs(model).Of("boxes", "boxes"), settings.Outputs(model).Of("scores", "scores"));
        threshold = settings.Config.Number("threshold", .65);
        overlap = settings.Config.Number("overlap", .4);
    }

    /// <param name="path">The ONNX file; settings are read from the JSON file of the same name.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or the model has other inputs or outputs.</exception>
    public static FaceDetector Load(string path)
    {
        var settings = OnnxSettings.Beside(path, ["threshold", "overlap", .. PictureInput.Fields]);
        return OnnxModel.OpenFor(path, model => new FaceDetector(model, settings));
    }

    /// <summary>Boxes as fractions of the picture, the largest first; of those that overlap the surest stays.</summary>
    /// <exception cref="InvalidCheckpointException">The model fails, or gives other shapes.</exception>
    public IReadOnlyList<Box> Find(Picture picture)
    {
        var frame = pixels.Of(picture);
        var found = model.Run(new Dictionary<string, OnnxTensor> { [pixels.Name] = frame.Pixels }, outputs.Boxes, outputs.Scores);
        var (boxes, scores) = (found[0], found[1]);
        var columns = scores.Shape is [_, _, var last] ? (int)last : 1;
        if (boxes.Shape is not [1, var count, 4] || columns is not (1 or 2) || scores.Values.Length != count * columns)
        {
            throw new InvalidCheckpointException(
                model.Path,
                $"gives boxes '{outputs.Boxes}' {OnnxTensor.Text(boxes.Shape)} and scores '{outputs.Scores}' {OnnxTensor.Text(scores.Shape)}; boxes must be "
                    + "[1, n, 4] and scores [1, n, 2] or [1, n].");
        }

        var sure = Enumerable.Range(0, (int)count)
            .Select(i => (Place: frame.ToPicture(BoxAt(boxes.Values.AsSpan(4 * i, 4))), Score: scores.Values[(columns * i) + columns - 1]))
            .Where(face => face.Score > threshold && face.Place is { Width: > 0, Height: > 0 })
            .OrderByDescending(face => face.Score);
        var kept = new List<Box>();
        foreach (var (place, _) in sure)
        {
            if (kept.TrueForAll(other => other.Iou(place) <= overlap))
            {
                kept.Add(place);
            }
        }

        return [.. kept.OrderByDescending(face => face.Area)];
    }

    public void Dispose() => model.Dispose();

    private static Box BoxAt(ReadOnlySpan<float> four) => new(four[0], four[1], four[2], four[3]);
}
