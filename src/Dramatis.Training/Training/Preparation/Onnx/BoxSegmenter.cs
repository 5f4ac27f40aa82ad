using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Finds the mask of what is in a box: SAM as it is exported, in two networks, or whatever takes a picture and a box in one.</summary>
/// <remarks>
/// With an encoder, its outputs go to the decoder's inputs of the same names, or its first to the one that is named. A mask of the picture's size is
/// taken as it is, one of another size stands for the whole input.
/// </remarks>
internal sealed class BoxSegmenter : IDisposable
{
    private static readonly string[] Roles = ["pixels", "box", "points", "labels", "mask", "has_mask", "size", "embedding"];

    // Of a box's corners, in SAM's code (Kirillov et al., 2023): left top, right bottom.
    private static readonly float[] Corners = [2, 3];

    private readonly OnnxModel? encoder;
    private readonly OnnxModel decoder;
    private readonly PictureInput pixels;
    private readonly IReadOnlyList<(string From, string To)> embeddings;
    private readonly IReadOnlyList<(string Name, Func<FittedPicture, float[], OnnxTensor> Make)> prompts;
    private readonly IReadOnlyList<string> outputs;    // masks, and scores where there are some
    private readonly double threshold;

    private BoxSegmenter(OnnxModel? encoder, OnnxModel decoder, OnnxSettings settings)
    {
        (this.encoder, this.decoder) = (encoder, decoder);
        settings.RequireKnown(Roles, ["masks", "scores"]);
        var looking = encoder ?? decoder;
        pixels = PictureInput.Read(settings, looking, settings.Inputs(looking).Of(Roles[0], "pixel_values"), new(1024, 1024), PictureFit.Pad);
        var inputs = settings.Inputs(decoder);
        embeddings = Embeddings(inputs);
        prompts = Prompts(inputs);
        inputs.RequireAll([.. encoder is null ? [pixels.Name] : embeddings.Select(embedding => embedding.To), .. prompts.Select(prompt => prompt.Name)], Roles);
        var found = settings.Outputs(decoder);
        outputs = found.Optional("scores", "iou_predictions") is { } scores ? [found.Of("masks", "masks"), scores] : [found.Of("masks", "masks")];
        threshold = settings.Config.Number("threshold", 0);
        Fingerprint = $"{encoder?.Fingerprint()} {decoder.Fingerprint()} {settings.Fingerprint()}";
    }

    /// <summary>Stands for the models and their settings.</summary>
    public string Fingerprint { get; }

    /// <param name="path">The ONNX file of the decoder, or of all; settings are read from the JSON file of the same name.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or the model has other inputs or outputs.</exception>
    public static BoxSegmenter Load(string path)
    {
        var settings = OnnxSettings.Beside(path, ["encoder", "threshold", .. PictureInput.Fields]);
        OnnxModel? encoder = null, decoder = null;
        try
        {
            decoder = OnnxModel.Open(path);
            encoder = settings.Config.Has("encoder") ? OnnxModel.Open(settings.PathOf(settings.Config.Text("encoder"))) : null;
            return new(encoder, decoder, settings);
        }
        catch
        {
            encoder?.Dispose();
            decoder?.Dispose();
            throw;
        }
    }

    /// <summary>Looks at a picture; what comes back gives the mask of what is in a box of it.</summary>
    /// <exception cref="InvalidCheckpointException">The model fails, or gives other shapes; also from the function.</exception>
    public Func<Box, SubjectMask> Look(Picture picture)
    {
        var frame = pixels.Of(picture);
        var seen = new Dictionary<string, OnnxTensor> { [pixels.Name] = frame.Pixels };
        if (encoder is not null)
        {
            var given = encoder.Run(seen, [.. embeddings.Select(embedding => embedding.From)]);
            seen = embeddings.Zip(given).ToDictionary(item => item.First.To, item => item.Second);
        }

        return box => Mask(seen, frame, box);
    }

    public void Dispose()
    {
        encoder?.Dispose();
        decoder.Dispose();
    }

    private SubjectMask Mask(Dictionary<string, OnnxTensor> seen, FittedPicture frame, Box box)
    {
        var inputs = new Dictionary<string, OnnxTensor>(seen);
        var corners = frame.ToInput(box);
        foreach (var (name, make) in prompts)
        {
            inputs.Add(name, make(frame, corners).WithRank(decoder.ShapeOf(name).Count));
        }

        var found = decoder.Run(inputs, outputs);
        if (found[0].Shape is not [.., > 0 and var height, > 0 and var width])
        {
            throw new InvalidCheckpointException(decoder.Path,
                $"gives masks '{outputs[0]}' {OnnxTensor.Text(found[0].Shape)}; they must be [.., height, width].");
        }

        var logits = new MaskLogits(found[0].Values, new((int)width, (int)height), Best(found));
        return logits.Size == frame.Picture
            ? logits.At(frame.Picture, width, height, threshold)
            : logits.At(frame.Picture, (double)width * frame.Drawn.Width / frame.Whole.Width, (double)height * frame.Drawn.Height / frame.Whole.Height,
                threshold);
    }

    // The mask that the model itself thinks best.
    private int Best(IReadOnlyList<OnnxTensor> found)
    {
        if (found.Count == 1)
        {
            return 0;
        }

        var masks = found[0].Shape[..^2].Aggregate(1L, (product, side) => product * side);
        return found[1].Values.Length == masks
            ? found[1].Values.AsSpan().IndexOf(found[1].Values.Max())
            : throw new InvalidCheckpointException(
                decoder.Path, $"gives {masks} masks '{outputs[0]}' and scores '{outputs[1]}' {OnnxTensor.Text(found[1].Shape)}; there must be one for each.");
    }

    private (string From, string To)[] Embeddings(OnnxNames inputs)
    {
        (string From, string To)[] shared = encoder is null ? [] : [.. encoder.Outputs.Intersect(decoder.Inputs).Select(name => (name, name))];
        return encoder is null || shared.Length > 0 ? shared : [(encoder.Outputs[0], inputs.Of(Roles[7], "image_embeddings"))];
    }

    private List<(string, Func<FittedPicture, float[], OnnxTensor>)> Prompts(OnnxNames inputs)
    {
        var prompts = new List<(string, Func<FittedPicture, float[], OnnxTensor>)>();
        if (inputs.Optional(Roles[1], "box") is { } box)
        {
            prompts.Add((box, (_, corners) => new(corners, 4)));
        }
        else
        {
            prompts.Add((inputs.Of(Roles[2], "point_coords"), (_, corners) => new(corners, 1, 2, 2)));
            prompts.Add((inputs.Of(Roles[3], "point_labels"), (_, _) => new(Corners, 1, 2)));
        }

        if (inputs.Optional(Roles[4], "mask_input") is { } mask)
        {
            prompts.Add((mask, (_, _) => Zeros(mask)));
        }

        if (inputs.Optional(Roles[5], "has_mask_input") is { } hasMask)
        {
            prompts.Add((hasMask, (_, _) => Zeros(hasMask)));
        }

        if (inputs.Optional(Roles[6], "orig_im_size") is { } size)
        {
            prompts.Add((size, (frame, _) => new([frame.Picture.Height, frame.Picture.Width], 2)));
        }

        return prompts;
    }

    private OnnxTensor Zeros(string input) => OnnxTensor.Filled(0, [.. decoder.ShapeOf(input).Select(side => Math.Max(1, side))]);
}
