using System.Globalization;
using System.Runtime.InteropServices;

namespace Dramatis.TestKit.Onnx;

/// <summary>Element types of ONNX, by their numbers in files.</summary>
public enum OnnxType
{
    Number = 1,
    Whole = 7,
}

/// <summary>Builds small networks in ONNX form, operator set 17.</summary>
/// <remarks>Field numbers are those of onnx.proto.</remarks>
public sealed class OnnxGraph
{
    private readonly ProtoWriter graph = new ProtoWriter().Text(2, "toy");
    private int count;

    /// <param name="shape">-1 is a side of any length.</param>
    public string Input(string name, OnnxType type, params long[] shape)
    {
        graph.Message(11, Value(name, type, shape));
        return name;
    }

    public void Output(string name, OnnxType type, params long[] shape) => graph.Message(12, Value(name, type, shape));

    public string Constant(float[] values, params long[] shape) => Constant(OnnxType.Number, MemoryMarshal.AsBytes<float>(values), shape);

    public string Constant(long[] values, params long[] shape) => Constant(OnnxType.Whole, MemoryMarshal.AsBytes<long>(values), shape);

    public string Constant(float value) => Constant([value], 1);

    /// <summary>Adds an operator.</summary>
    /// <returns>The name of its output.</returns>
    public string Node(string operation, params string[] inputs) => Node(operation, inputs, []);

    public string Node(string operation, string[] inputs, (string Name, long[] Values)[] attributes, string? output = null)
    {
        output ??= Name();
        var node = new ProtoWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(4, operation);
        foreach (var (name, values) in attributes)
        {
            node.Message(5, Attribute(name, values));
        }

        graph.Message(1, node);
        return output;
    }

    /// <summary>Gives an output its name.</summary>
    public void Name(string value, string output) => Node("Identity", [value], [], output);

    public string Cast(string value, OnnxType type) => Node("Cast", [value], [("to", [(long)type])]);

    public string Largest(string value, params long[] axes) => Node("ReduceMax", [value], [("axes", axes), ("keepdims", [1])]);

    public string Reshaped(string value, params long[] shape) => Node("Reshape", value, Constant(shape, shape.Length));

    public void Save(string path)
    {
        var model = new ProtoWriter().Number(1, 8).Message(7, graph).Message(8, new ProtoWriter().Text(1, "").Number(2, 17));
        File.WriteAllBytes(path, model.ToArray());
    }

    private static ProtoWriter Attribute(string name, long[] values)
    {
        const int Int = 2, Ints = 7;
        var attribute = new ProtoWriter().Text(1, name);
        if (name is "axes")
        {
            foreach (var value in values)
            {
                attribute.Number(8, value);
            }

            return attribute.Number(20, Ints);
        }

        return attribute.Number(3, values[0]).Number(20, Int);
    }

    private static ProtoWriter Value(string name, OnnxType type, long[] sides)
    {
        var shape = new ProtoWriter();
        foreach (var (i, side) in sides.Index())
        {
            shape.Message(1, side >= 0 ? new ProtoWriter().Number(1, side) : new ProtoWriter().Text(2, $"{name}_{i}"));
        }

        var tensor = new ProtoWriter().Number(1, (long)type).Message(2, shape);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    private string Constant(OnnxType type, ReadOnlySpan<byte> bytes, long[] shape)
    {
        var tensor = new ProtoWriter();
        foreach (var side in shape)
        {
            tensor.Number(1, side);
        }

        var name = Name();
        graph.Message(5, tensor.Number(2, (long)type).Text(8, name).Data(9, bytes));
        return name;
    }

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"v{count++}");
}
