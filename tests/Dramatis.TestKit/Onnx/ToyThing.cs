using Dramatis.Pictures;

namespace Dramatis.TestKit.Onnx;

/// <summary>A thing that toy networks know by its colour.</summary>
/// <param name="Word">What detectors know it by.</param>
internal sealed record ToyThing(string Word, Rgb Colour)
{
    // Of the sum of the three differences, each of 1: as far as a thing's light and hue vary in toy scenes.
    private const float Tolerance = .4f;

    /// <summary>1 where a picture (1, 3, H, W) has a thing's colour, else 0: (things, 1, H, W).</summary>
    internal static string Near(OnnxGraph graph, string pixels, IReadOnlyList<ToyThing> things)
    {
        var colours = graph.Constant([.. things.SelectMany(thing => thing.Numbers())], things.Count, 3, 1, 1);
        var distance = graph.Node("ReduceL1", [graph.Node("Sub", pixels, colours)], [("axes", [1]), ("keepdims", [1])]);
        return graph.Cast(graph.Node("Less", distance, graph.Constant(Tolerance)), OnnxType.Number);
    }

    private float[] Numbers() => [Colour.Red / 255f, Colour.Green / 255f, Colour.Blue / 255f];
}
