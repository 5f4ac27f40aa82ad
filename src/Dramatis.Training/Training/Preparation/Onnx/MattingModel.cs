using Dramatis.Errors;
using Dramatis.Pictures;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Cuts out by a matting or segmentation model that the user brings: a picture in, a map of what is its subject out.</summary>
/// <remarks>
/// Settings beside it say its size, <c>mean</c> and <c>deviation</c>, as for the models of <c>prepare</c>; <c>threshold</c> (0.5) from which a
/// value counts as subject; <c>channel</c>, counted from 1, where there are several maps (the second of two, otherwise the first).
/// </remarks>
public sealed class MattingModel : ICutOut, IDisposable
{
    private readonly OnnxModel model;
    private readonly PictureInput pixels;
    private readonly string output;
    private readonly double threshold;
    private readonly int? channel;

    private MattingModel(OnnxModel model, OnnxSettings settings)
    {
        this.model = model;
        settings.RequireKnown(["pixels"], ["mask"]);
        var inputs = settings.Inputs(model);
        pixels = PictureInput.Read(settings, model, inputs.Of("pixels", "input"), new(1024, 1024), PictureFit.Stretch);
        inputs.RequireAll([pixels.Name], ["pixels"]);

        // Published ones give a map at several depths, the finest first.
        output = settings.Outputs(model).Optional("mask", "mask") ?? model.Outputs[0];
        threshold = settings.Config.Number("threshold", .5);
        channel = settings.Config.Has("channel") ? settings.Config.Whole("channel") : null;
    }

    /// <param name="path">The ONNX file; settings are read from the JSON file of the same name.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or the model has other inputs or outputs.</exception>
    public static MattingModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var settings = OnnxSettings.Beside(path, ["threshold", "channel", .. PictureInput.Fields]);
        return OnnxModel.OpenFor(path, model => new MattingModel(model, settings));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidCheckpointException">The model fails, or gives another shape.</exception>
    public Picture? Mask(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var frame = pixels.Of(picture);
        var found = model.Run(new Dictionary<string, OnnxTensor> { [pixels.Name] = frame.Pixels }, output)[0];
        if (found.Shape is not [.., > 0 and var height, > 0 and var width] || found.Values.Length % (height * width) != 0)
        {
            throw new InvalidCheckpointException(model.Path, $"gives '{output}' {OnnxTensor.Text(found.Shape)}; a mask is [.., height, width].");
        }

        var maps = found.Values.Length / (height * width);
        var index = (channel ?? (maps == 2 ? 2 : 1)) - 1;
        if (index >= maps)
        {
            throw new InvalidCheckpointException(model.Path, $"has {maps} maps in '{output}' and none of number {channel}; mend \"channel\" beside the model.");
        }

        var mask = new MaskLogits(found.Values, new((int)width, (int)height), index).At(
            picture.Size, (double)width * frame.Drawn.Width / frame.Whole.Width, (double)height * frame.Drawn.Height / frame.Whole.Height, threshold);
        return mask.Pixels.Contains(true) && mask.Pixels.Contains(false) ? mask.ToPicture() : null;
    }

    /// <summary>Gives the network's memory back.</summary>
    public void Dispose() => model.Dispose();
}
