using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Microsoft.ML.Tokenizers;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Finds things by their words: Grounding DINO as it is exported, or whatever has the same inputs and outputs.</summary>
/// <remarks>Shapes: Q boxes, L tokens, T at least L columns of scores.</remarks>
internal sealed class PhraseDetector : IDisposable
{
    private const int MostOfAPhrase = 20;

    private static readonly string[] Roles = ["pixels", "tokens", "attention", "token_types", "pixel_mask", "positions", "text_mask"];
    private static readonly string[] Forms = ["centre", "corners"];

    private readonly OnnxModel model;
    private readonly PictureInput pixels;
    private readonly BertTokenizer tokenizer;
    private readonly string tokens;
    private readonly IReadOnlyList<(string Name, Func<DetectorPrompt, FittedPicture, OnnxTensor> Make)> others;
    private readonly (string Boxes, string Scores) outputs;
    private readonly (bool Corners, bool Logits) reading;

    private PhraseDetector(OnnxModel model, OnnxSettings settings)
    {
        this.model = model;
        var inputs = settings.Inputs(model);
        settings.RequireKnown(Roles, ["boxes", "scores"]);
        pixels = PictureInput.Read(settings, model, inputs.Of("pixels", "pixel_values"), new(1333, 800), PictureFit.Inside);
        tokens = inputs.Of("tokens", "input_ids");
        others = Others(inputs);
        inputs.RequireAll([pixels.Name, tokens, .. others.Select(input => input.Name)], Roles);
        outputs = (settings.Outputs(model).Of("boxes", "pred_boxes"), settings.Outputs(model).Of("scores", "logits"));
        reading = (Form(settings.Config) == Forms[1], settings.Config.Bool("logits", true));
        tokenizer = DetectorPrompt.LoadTokenizer(settings.PathOf(settings.Config.Text("vocabulary", "vocab.txt")));
        Fingerprint = $"{model.Fingerprint()} {settings.Fingerprint()}";
    }

    /// <summary>Stands for the model and its settings.</summary>
    public string Fingerprint { get; }

    /// <param name="path">The ONNX file; settings are read from the JSON file of the same name, the vocabulary from vocab.txt beside it.</param>
    /// <exception cref="DramatisException">A file is missing or damaged, or the model has other inputs or outputs.</exception>
    public static PhraseDetector Load(string path)
    {
        var settings = OnnxSettings.Beside(path, ["vocabulary", "box_form", "logits", .. PictureInput.Fields]);
        return OnnxModel.OpenFor(path, model => new PhraseDetector(model, settings));
    }

    /// <summary>The surest detections of each phrase, surest first.</summary>
    /// <exception cref="InvalidCheckpointException">The model fails, or gives other shapes.</exception>
    public IReadOnlyList<Detection> Find(Picture picture, IReadOnlyList<string> phrases)
    {
        var frame = pixels.Of(picture);
        var prompt = DetectorPrompt.Of(phrases, tokenizer);
        var inputs = new Dictionary<string, OnnxTensor>
        {
            [pixels.Name] = frame.Pixels,
            [tokens] = new([.. prompt.Ids], 1, prompt.Ids.Length),
        };
        foreach (var (name, make) in others)
        {
            inputs.Add(name, make(prompt, frame));
        }

        var found = model.Run(inputs, outputs.Boxes, outputs.Scores);
        var (boxes, scores) = (found[0], found[1]);
        return boxes.Shape is [1, var count, 4] && scores.Shape is [1, var rows, var columns] && rows == count && columns >= prompt.Ids.Length
            ? [.. prompt.Phrases.SelectMany(phrase => Surest(phrase, (int)columns))]
            : throw new InvalidCheckpointException(
                model.Path,
                $"gives boxes '{outputs.Boxes}' {OnnxTensor.Text(boxes.Shape)} and scores '{outputs.Scores}' {OnnxTensor.Text(scores.Shape)} for "
                    + $"{prompt.Ids.Length} tokens; "
                + "boxes must be [1, n, 4] and scores [1, n, tokens or more].");

        IEnumerable<Detection> Surest((string Phrase, int Start, int End) phrase, int width) => Enumerable.Range(0, (int)boxes.Shape[1])
            .Select(i => (Index: i, Score: Best(scores.Values.AsSpan((i * width) + phrase.Start, phrase.End - phrase.Start))))
            .OrderByDescending(item => item.Score)
            .Take(MostOfAPhrase)
            .Select(item => new Detection(phrase.Phrase, frame.ToPicture(BoxAt(boxes.Values.AsSpan(4 * item.Index, 4))), item.Score));
    }

    public void Dispose() => model.Dispose();

    private static string Form(ConfigReader config) => config.Text("box_form", Forms[0]) is var form && Forms.Contains(form)
        ? form
        : throw config.Unsupported("box_form", form, string.Join(" or ", Forms));

    private static IReadOnlyList<(string, Func<DetectorPrompt, FittedPicture, OnnxTensor>)> Others(OnnxNames inputs)
    {
        (string Role, string Usual, Func<DetectorPrompt, FittedPicture, OnnxTensor> Make)[] known =
        [
            (Roles[2], "attention_mask", (prompt, _) => OnnxTensor.Filled(1, 1, prompt.Ids.Length)),
            (Roles[3], "token_type_ids", (prompt, _) => OnnxTensor.Filled(0, 1, prompt.Ids.Length)),
            (Roles[4], "pixel_mask", (_, frame) => Drawn(frame)),
            (Roles[5], "position_ids", (prompt, _) => prompt.Positions()),
            (Roles[6], "text_token_mask", (prompt, _) => prompt.SelfMask()),
        ];
        return [.. known.Select(input => (Name: inputs.Optional(input.Role, input.Usual), input.Make)).Where(input => input.Name is not null)
            .Select(input => (input.Name!, input.Make))];
    }

    private static OnnxTensor Drawn(FittedPicture frame)
    {
        var mask = OnnxTensor.Filled(0, 1, frame.Whole.Height, frame.Whole.Width);
        for (var y = 0; y < frame.Drawn.Height; y++)
        {
            mask.Values.AsSpan(y * frame.Whole.Width, frame.Drawn.Width).Fill(1);
        }

        return mask;
    }

    private double Best(ReadOnlySpan<float> scores)
    {
        var best = float.NegativeInfinity;
        foreach (var score in scores)
        {
            best = Math.Max(best, score);
        }

        return reading.Logits ? 1 / (1 + Math.Exp(-best)) : best;
    }

    private Box BoxAt(ReadOnlySpan<float> four) => reading.Corners
        ? new(four[0], four[1], four[2], four[3])
        : new(four[0] - (four[2] / 2), four[1] - (four[3] / 2), four[0] + (four[2] / 2), four[1] + (four[3] / 2));
}
