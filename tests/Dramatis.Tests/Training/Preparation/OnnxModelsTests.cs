using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.TestKit.Onnx;
using Dramatis.Training.Preparation;
using Dramatis.Training.Preparation.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace Dramatis.Tests.Training.Preparation;

/// <summary>The networks that users bring, stood for by toy ones that know two colours.</summary>
public sealed class OnnxModelsTests : IDisposable
{
    // The toy's map has 128 cells along the longer side, and edges fall between them.
    private const double EdgeShare = .15;

    private static readonly Rgb Magenta = ShapeScenes.Things[0].Colour;
    private static readonly Rgb Lime = ShapeScenes.Things[1].Colour;

    private readonly ToyFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_phrase_gets_the_scores_of_its_own_words()
    {
        using var detector = PhraseDetector.Load(folder.Detector());
        var picture = ToyFolder.Paint((256, 128), (Magenta, new(32, 16, 96, 64)), (Lime, new(160, 0, 256, 128)));

        var found = detector.Find(picture, ["lime wall", "tree", "Magenta box"]);

        Assert.Equal(new Box(160 / 256.0, 0, 1, 1), Surest("lime wall"));
        Assert.Equal(new Box(32 / 256.0, 16 / 128.0, 96 / 256.0, 64 / 128.0), Surest("Magenta box"));
        Assert.All(found.Where(detection => detection.Phrase == "tree"), detection => Assert.True(detection.Score < .1));

        Box Surest(string phrase)
        {
            var first = found.First(detection => detection.Phrase == phrase);
            Assert.True(first.Score > .9);
            return new(Round(first.Place.Left), Round(first.Place.Top), Round(first.Place.Right), Round(first.Place.Bottom));
        }

        static double Round(double x) => Math.Round(x * 256) / 256;
    }

    [Fact]
    public void A_phrase_reads_itself_alone()
    {
        _ = folder.Detector();
        var prompt = DetectorPrompt.Of(["magenta lime", "lime"], DetectorPrompt.LoadTokenizer(folder.PathOf("vocab.txt")));

        Assert.Equal([2, 6, 7, 5, 7, 5, 3], prompt.Ids);
        Assert.Equal([0, 0, 1, 2, 0, 1, 0], prompt.Positions().Values);
        Assert.Equal(
            [
                1, 0, 0, 0, 0, 0, 0,
                0, 1, 1, 1, 0, 0, 0,
                0, 1, 1, 1, 0, 0, 0,
                0, 1, 1, 1, 0, 0, 0,
                0, 0, 0, 0, 1, 1, 0,
                0, 0, 0, 0, 1, 1, 0,
                0, 0, 0, 0, 0, 0, 1,
            ],
            prompt.SelfMask().Values);
    }

    [Theory]
    [InlineData(256, 128)]
    [InlineData(96, 192)]
    [InlineData(128, 128)]
    public void A_mask_is_what_is_in_the_box_whatever_the_shape_of_the_picture(int width, int height)
    {
        using var segmenter = BoxSegmenter.Load(folder.Segmenter());
        var (here, outside) = (new PixelBox(8, 16, 40, 64), new PixelBox(64, 80, 96, 120));
        var picture = ToyFolder.Paint((width, height), (Magenta, here), (Lime, outside));

        var mask = segmenter.Look(picture)(new(0, 0, 56.0 / width, 72.0 / height));

        Assert.Equal(picture.Size, mask.Size);
        Assert.InRange(mask.FillOf(here), 1 - EdgeShare, 1);
        Assert.InRange(mask.Pixels.Count(covered => covered), 0, here.Width * here.Height * (1 + EdgeShare));
    }

    [Fact]
    public void An_encoder_may_call_what_it_gives_otherwise()
    {
        var picture = ToyFolder.Paint((128, 128), (Magenta, new(0, 0, 64, 64)));
        var path = folder.Segmenter();
        using var usual = BoxSegmenter.Load(path);
        _ = ToyModels.WriteSegmenter(folder.Path, ShapeScenes.Things, ToyFolder.Side, embedding: "features");

        using var other = BoxSegmenter.Load(path);

        Assert.Equal(usual.Look(picture)(Box.Whole).Pixels, other.Look(picture)(Box.Whole).Pixels);
    }

    [Fact]
    public void One_network_that_takes_picture_and_box_will_do()
    {
        // Red is its mask, but for the columns left of the box.
        var graph = new OnnxGraph();
        var red = graph.Node("Gather", [graph.Input("picture", OnnxType.Number, 1, 3, 4, 4), graph.Constant([0L], 1)], [("axis", [1])]);
        var left = graph.Node("Gather", graph.Reshaped(graph.Input("corners", OnnxType.Number, 1, 1, 4), 4), graph.Constant([0L], 1));
        var columns = graph.Cast(graph.Node("Greater", graph.Constant([.5f, 1.5f, 2.5f, 3.5f], 1, 1, 1, 4), left), OnnxType.Number);
        graph.Name(graph.Node("Mul", red, columns), "mask");
        graph.Output("mask", OnnxType.Number, 1, 1, 4, 4);
        graph.Save(folder.PathOf("one.onnx"));
        File.WriteAllText(folder.PathOf("one.json"), $$"""{ "inputs": { "pixels": "picture", "box": "corners" }, "fit": "stretch", "threshold": 0.5, {{ToyModels.Plain}} }""");
        using var segmenter = BoxSegmenter.Load(folder.PathOf("one.onnx"));

        var mask = segmenter.Look(ToyFolder.Paint((4, 4), (Magenta, new(1, 0, 4, 2))))(new(.5, 0, 1, 1));

        Assert.Equal("..##..##........", string.Concat(mask.Pixels.Select(covered => covered ? '#' : '.')));
    }

    [Fact]
    public void Features_by_CLIP_leave_no_tensor_behind()
    {
        using var features = ClipFeatures.Load(ToyboxFolder.Path);
        var picture = ToyFolder.Paint((64, 64), (Lime, new(0, 0, 64, 32)));
        _ = features.Of(picture);
        DisposeScopeManager.Statistics.Reset();

        _ = features.Of(picture);

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Features_are_those_of_the_subject_and_not_of_its_ground()
    {
        using var features = OnnxFeatures.Load(folder.Features());
        var box = new PixelBox(0, 0, 64, 64);
        var picture = ToyFolder.Paint((64, 64), (Lime, new(0, 0, 64, 32)));
        var mask = new SubjectMask(picture.Size, [.. Enumerable.Range(0, 64 * 64).Select(i => i < 64 * 32)]);

        var found = features.Of(mask.Cut(picture, box));

        Assert.Equal([0, .5f, 0], found.Select(value => MathF.Round(value, 2)));
    }

    [Theory]
    [InlineData(TensorElementType.Float)]
    [InlineData(TensorElementType.Float16)]
    [InlineData(TensorElementType.Int64)]
    [InlineData(TensorElementType.Int32)]
    [InlineData(TensorElementType.UInt8)]
    [InlineData(TensorElementType.Bool)]
    public void Numbers_survive_in_every_type_that_exports_have(TensorElementType type)
    {
        using var value = new OnnxTensor([0, 1, 1, 0, 0, 1], 2, 3).To(type)!;

        var back = OnnxTensor.From(value)!;

        Assert.Equal(type, value.GetTensorTypeAndShape().ElementDataType);
        Assert.Equal([0, 1, 1, 0, 0, 1], back.Values);
        Assert.Equal([2, 3], back.Shape);
    }

    [Theory]
    [InlineData("""{ "inputs": { "tokens": "ids" } }""", "\"inputs.tokens\" is 'ids', which * has not; its inputs are pixel_values, input_ids, attention_mask.")]
    [InlineData("""{ "outputs": { "boxes": "boxes" } }""", "\"outputs.boxes\" is 'boxes', which * has not; its outputs are pred_boxes, logits.")]
    [InlineData("""{ "inputs": { "words": "input_ids" } }""", "\"words\" is unknown; there is pixels, tokens")]
    [InlineData("""{ "inputs": { "attention": "input_ids", "tokens": "input_ids" } }""", "nothing is known of 'attention_mask', which is among the inputs of")]
    [InlineData("""{ "sizes": [1, 2] }""", "\"sizes\" is unknown")]
    [InlineData("""{ "size": [64, 64, 3] }""", "must be 2 numbers")]
    [InlineData("""{ "fit": "crop" }""", "\"fit\" is \"crop\"; supported is stretch, pad or inside")]
    [InlineData("""{ "deviation": [1, 0, 1] }""", "a deviation above 0")]
    [InlineData("""{ "mean": 0.5 }""", "\"mean\" is 0.5, but must be a list")]
    [InlineData("""{ "box_form": "edges" }""", "supported is centre or corners")]
    [InlineData("""{ "vocabulary": "none.txt" }""", "none.txt: there is no such file")]
    [InlineData("""{ "vocabulary": "detector.json" }""", "is no vocabulary of BERT")]
    [InlineData("""{ "inputs": { "pixels": "input_ids" } }""", "is [1, any]; pictures are [1, 3, height, width]")]
    [InlineData("not JSON", "is no valid JSON")]
    public void Settings_that_do_not_fit_the_model_are_refused(string settings, string problem)
    {
        var model = folder.Detector();
        File.WriteAllText(folder.PathOf("detector.json"), settings);

        var error = Assert.ThrowsAny<DramatisException>(() => PhraseDetector.Load(model));

        Assert.All(problem.Split('*'), part => Assert.Contains(part.Trim(), error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_model_and_a_file_that_is_none_are_known_by_name()
    {
        File.WriteAllText(folder.PathOf("text.onnx"), "no model");

        Assert.Contains("none.onnx: there is no such file", Assert.Throws<ModelNotFoundException>(() => BoxSegmenter.Load(folder.PathOf("none.onnx"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("text.onnx: is no ONNX model", Assert.Throws<InvalidCheckpointException>(() => OnnxFeatures.Load(folder.PathOf("text.onnx"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty; its download did not begin.")]
    [InlineData("no model", "it is a text, not a file of weights")]
    [InlineData("\u0001\u0002 no model", "it is damaged, or of another kind. Export it again")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "it is a pointer of Git LFS, not the file itself; fetch it with git lfs pull.")]
    [InlineData("<!doctype html><html>", "it is a web page")]
    public void What_lies_in_place_of_a_model_is_said_in_words_of_our_own(string text, string problem)
    {
        File.WriteAllText(folder.PathOf("text.onnx"), text);

        var error = Assert.Throws<InvalidCheckpointException>(() => OnnxFeatures.Load(folder.PathOf("text.onnx")));

        Assert.Contains($"text.onnx: is no ONNX model that can be run: {problem}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ErrorCode", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_was_cut_off_is_damaged()
    {
        var model = folder.Detector();
        var bytes = File.ReadAllBytes(model);
        File.WriteAllBytes(model, bytes[..(bytes.Length / 2)]);

        var error = Assert.Throws<InvalidCheckpointException>(() => PhraseDetector.Load(model));

        Assert.EndsWith(
            "is no ONNX model that can be run: it is damaged, or of another kind. Export it again, or download it again.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_that_the_model_does_not_take_is_said_with_both()
    {
        var model = folder.Detector();
        File.WriteAllText(folder.PathOf("detector.json"), """{ "size": [64, 32], "fit": "stretch" }""");
        using var detector = PhraseDetector.Load(model);

        var error = Assert.Throws<InvalidCheckpointException>(() => detector.Find(ToyFolder.Paint((10, 10)), ["dog"]));

        Assert.Contains("'pixel_values' takes [1, 3, 128, 128] and would get [1, 3, 32, 64]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_other_shapes_are_refused()
    {
        var detecting = folder.Detector();
        File.WriteAllText(folder.PathOf("detector.json"), """{ "outputs": { "boxes": "logits" } }""");
        using var detector = PhraseDetector.Load(detecting);
        Assert.Contains("boxes must be [1, n, 4]", Assert.Throws<InvalidCheckpointException>(() => detector.Find(ToyFolder.Paint((9, 9)), ["red dog"]))
            .Message, StringComparison.Ordinal);

        var segmenting = folder.Segmenter();
        File.WriteAllText(folder.PathOf("segmenter.json"), """{ "encoder": "encoder.onnx", "outputs": { "masks": "iou_predictions", "scores": "masks" } }""");
        using var segmenter = BoxSegmenter.Load(segmenting);
        Assert.Contains("there must be one for each", Assert.Throws<InvalidCheckpointException>(() => segmenter.Look(ToyFolder.Paint((9, 9)))(Box.Whole))
            .Message, StringComparison.Ordinal);
    }
}
