namespace Dramatis.TestKit.Onnx;

/// <summary>Small networks that do on coloured shapes what large ones do on photos, with the inputs and outputs of those.</summary>
public static class ToyModels
{
    public const string Plain = """ "mean": [0, 0, 0], "deviation": [1, 1, 1] """;

    private static readonly string[] SpecialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "."];

    /// <summary>As Grounding DINO is exported: one box for each thing, and scores for each token.</summary>
    /// <param name="side">Pixels along one side of what it takes.</param>
    /// <returns>The ONNX file, with settings and vocabulary beside it.</returns>
    internal static string WriteDetector(string folder, IReadOnlyList<ToyThing> things, int side)
    {
        string[] words = [.. SpecialTokens, .. things.Select(thing => thing.Word).Distinct()];
        var graph = new OnnxGraph();
        var near = ToyThing.Near(graph, graph.Input("pixel_values", OnnxType.Number, 1, 3, side, side), things);
        var tokens = graph.Input("input_ids", OnnxType.Whole, 1, -1);
        graph.Input("attention_mask", OnnxType.Whole, 1, -1);

        var (left, right) = Ends(graph, graph.Largest(near, 2), side, 1, 1, 1, side);
        var (top, bottom) = Ends(graph, graph.Largest(near, 3), side, 1, 1, side, 1);
        var half = graph.Constant(.5f);
        string[] four =
        [
            graph.Node("Mul", graph.Node("Add", left, right), half), graph.Node("Mul", graph.Node("Add", top, bottom), half),
            graph.Node("Sub", right, left), graph.Node("Sub", bottom, top),
        ];
        graph.Name(graph.Reshaped(graph.Node("Concat", four, [("axis", [1])]), 1, things.Count, 4), "pred_boxes");

        var names = graph.Constant([.. things.Select(thing => (long)Array.IndexOf(words, thing.Word))], things.Count, 1);
        var hits = graph.Cast(graph.Node("Equal", tokens, names), OnnxType.Number);                                                     // (things, L)
        var seen = graph.Node("Mul", hits, graph.Reshaped(graph.Largest(near, 1, 2, 3), things.Count, 1));
        var logits = graph.Node("Sub", graph.Node("Mul", seen, graph.Constant(8)), graph.Constant(4));
        graph.Name(graph.Node("Unsqueeze", logits, graph.Constant([0L], 1)), "logits");
        graph.Output("pred_boxes", OnnxType.Number, 1, things.Count, 4);
        graph.Output("logits", OnnxType.Number, 1, things.Count, -1);

        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), words);
        return Save(graph, folder, "detector", $$"""{ {{Plain}} }""");
    }

    /// <summary>As SAM is exported: an encoder of pictures, and a decoder that gives two masks for the corners of a box, the second the better.</summary>
    /// <param name="embedding">What the encoder calls its output; the decoder calls it image_embeddings.</param>
    /// <returns>The ONNX file of the decoder, with settings and encoder beside it.</returns>
    internal static string WriteSegmenter(string folder, IReadOnlyList<ToyThing> things, int side, string embedding = "image_embeddings")
    {
        var encoder = new OnnxGraph();
        var pixels = encoder.Input("images", OnnxType.Number, 1, 3, side, side);
        encoder.Name(encoder.Largest(ToyThing.Near(encoder, pixels, things), 0), embedding);
        encoder.Output(embedding, OnnxType.Number, 1, 1, side, side);
        encoder.Save(Path.Combine(folder, "encoder.onnx"));

        var decoder = new OnnxGraph();
        var covered = decoder.Input("image_embeddings", OnnxType.Number, 1, 1, side, side);
        var points = decoder.Reshaped(decoder.Input("point_coords", OnnxType.Number, 1, -1, 2), 4);
        var labels = decoder.Input("point_labels", OnnxType.Number, 1, -1);
        decoder.Input("mask_input", OnnxType.Number, 1, 1, side, side);
        decoder.Input("has_mask_input", OnnxType.Number, 1);
        decoder.Input("orig_im_size", OnnxType.Number, 2);
        var isBox = decoder.Cast(decoder.Node("Equal", labels, decoder.Constant([2f, 3f], 1, 2)), OnnxType.Number);
        var inside = decoder.Node("Mul", Inside(decoder, points, side), decoder.Node("ReduceMin", isBox));
        var mask = decoder.Node("Mul", covered, inside);
        var good = decoder.Node("Sub", decoder.Node("Mul", mask, decoder.Constant(2)), decoder.Constant(1));
        decoder.Name(decoder.Node("Concat", [decoder.Node("Neg", good), good], [("axis", [1])]), "masks");
        decoder.Name(decoder.Constant([.1f, .9f], 1, 2), "iou_predictions");
        decoder.Output("masks", OnnxType.Number, 1, 2, side, side);
        decoder.Output("iou_predictions", OnnxType.Number, 1, 2);
        return Save(decoder, folder, "segmenter", $$"""{ "encoder": "encoder.onnx", {{Plain}} }""");
    }

    /// <summary>The mean colour (1, 3).</summary>
    public static string WriteFeatures(string folder)
    {
        var graph = new OnnxGraph();
        var mean = graph.Node("GlobalAveragePool", graph.Input("picture", OnnxType.Number, 1, 3, -1, -1));
        graph.Name(graph.Reshaped(mean, 1, 3), "colour");
        graph.Output("colour", OnnxType.Number, 1, 3);
        return Save(graph, folder, "features", $$"""{ "size": [32, 32], {{Plain}} }""");
    }

    /// <summary>A subject wherever a picture is red: two maps, ground and subject, of 32 x 32.</summary>
    public static string WriteMatting(string folder)
    {
        var graph = new OnnxGraph();
        var red = graph.Node("Gather", [graph.Input("picture", OnnxType.Number, 1, 3, 32, 32), graph.Constant([0L], 1)], [("axis", [1])]);
        graph.Name(graph.Node("Concat", [graph.Node("Sub", graph.Constant(1), red), red], [("axis", [1])]), "map");
        graph.Output("map", OnnxType.Number, 1, 2, 32, 32);
        return Save(graph, folder, "matting", $$"""{ {{Plain}} }""");
    }

    /// <summary>Finds a face in the whole left half of pictures that are not black, one in a quarter of the right half, and a double of each.</summary>
    public static string WriteFaceDetector(string folder)
    {
        var graph = new OnnxGraph();
        var light = graph.Reshaped(graph.Largest(graph.Input("picture", OnnxType.Number, 1, 3, 16, 16), 1, 2, 3), 1, 1, 1);
        float[] scores = [.1f, .9f, .3f, .7f, .2f, .8f, .9f, .1f];
        graph.Name(graph.Node("Mul", graph.Constant(scores, 1, 4, 2), light), "scores");
        float[] boxes = [0, 0, .5f, 1, .02f, 0, .5f, 1, .75f, .5f, 1, 1, .5f, 0, 1, .5f];
        graph.Name(graph.Constant(boxes, 1, 4, 4), "boxes");
        graph.Output("scores", OnnxType.Number, 1, 4, 2);
        graph.Output("boxes", OnnxType.Number, 1, 4, 4);
        return Save(graph, folder, "faces", $$"""{ {{Plain}} }""");
    }

    // Where the ones begin and end among columns or rows, of 1.
    private static (string First, string Last) Ends(OnnxGraph graph, string ones, int side, params long[] shape)
    {
        var last = graph.Constant([.. Enumerable.Range(1, side).Select(i => (float)i / side)], shape);
        var fromEnd = graph.Constant([.. Enumerable.Range(0, side).Select(i => 1 - ((float)i / side))], shape);
        var first = graph.Largest(graph.Node("Mul", ones, fromEnd), 2, 3);
        return (graph.Node("Sub", graph.Constant(1), first), graph.Largest(graph.Node("Mul", ones, last), 2, 3));
    }

    // 1 for pixels between two corners, given as four numbers.
    private static string Inside(OnnxGraph graph, string corners, int side)
    {
        float[] centres = [.. Enumerable.Range(0, side).Select(i => i + .5f)];
        var (xs, ys) = (graph.Constant(centres, 1, 1, 1, side), graph.Constant(centres, 1, 1, side, 1));
        var across = graph.Node("And", graph.Node("Greater", xs, Corner(0)), graph.Node("Less", xs, Corner(2)));
        var down = graph.Node("And", graph.Node("Greater", ys, Corner(1)), graph.Node("Less", ys, Corner(3)));
        return graph.Cast(graph.Node("And", across, down), OnnxType.Number);

        string Corner(long i) => graph.Node("Gather", corners, graph.Constant([i], 1));
    }

    private static string Save(OnnxGraph graph, string folder, string name, string settings)
    {
        var path = Path.Combine(folder, name + ".onnx");
        graph.Save(path);
        File.WriteAllText(Path.ChangeExtension(path, ".json"), settings);
        return path;
    }
}
