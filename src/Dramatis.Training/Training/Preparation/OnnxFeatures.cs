using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Preparation.Onnx;

namespace Dramatis.Training.Preparation;

/// <summary>Features by a network in ONNX form, such as DINO: its output (1, F), or the first token of (1, T, F).</summary>
internal sealed class OnnxFeatures : ISubjectFeatures
{
    private readonly OnnxModel model;
    private readonly PictureInput pixels;
    private readonly string features;

    private OnnxFeatures(OnnxModel model, OnnxSettings settings)
    {
        this.model = model;
        settings.RequireKnown(["pixels"], ["features"]);
        var inputs = settings.Inputs(model);
        pixels = PictureInput.Read(settings, model, inputs.Of("pixels", "pixel_values"), new(224, 224), PictureFit.Stretch);
        inputs.RequireAll([pixels.Name], ["pixels"]);
        features = settings.Outputs(model).Of("features", "last_hidden_state");
        Fingerprint = $"{model.Fingerprint()} {settings.Fingerprint()}";
    }

    public string Fingerprint { get; }

    /// <param name="path">The ONNX file; settings are read from the JSON file of the same name.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or the model has other inputs or outputs.</exception>
    public static OnnxFeatures Load(string path)
    {
        var settings = OnnxSettings.Beside(path, PictureInput.Fields);
        return OnnxModel.OpenFor(path, model => new OnnxFeatures(model, settings));
    }

    /// <exception cref="InvalidCheckpointException">The model fails, or gives another shape.</exception>
    public float[] Of(Picture picture)
    {
        var found = model.Run(new Dictionary<string, OnnxTensor> { [pixels.Name] = pixels.Of(picture).Pixels }, features)[0];
        return found.Shape is [1, > 0] or [1, > 0, > 0]
            ? found.Values[..(int)found.Shape[^1]]
            : throw new InvalidCheckpointException(model.Path,
                $"gives features '{features}' {OnnxTensor.Text(found.Shape)}; they must be [1, n] or [1, tokens, n].");
    }

    public void Dispose() => model.Dispose();
}
