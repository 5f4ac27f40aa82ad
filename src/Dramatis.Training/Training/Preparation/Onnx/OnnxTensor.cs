using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Numbers that go into a network or come out of it. Of whatever type they are there, here they are single floats.</summary>
internal sealed record OnnxTensor(float[] Values, params long[] Shape)
{
    public static OnnxTensor Filled(float value, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (product, side) => product * side)];
        Array.Fill(values, value);
        return new(values, shape);
    }

    /// <summary>These numbers with ones before the shape, until it has so many sides.</summary>
    public OnnxTensor WithRank(int rank) => this with { Shape = [.. Enumerable.Repeat(1L, Math.Max(0, rank - Shape.Length)), .. Shape] };

    /// <summary>In the type that the network takes; null for one that we cannot make.</summary>
    public OrtValue? To(TensorElementType type) => type switch
    {
        TensorElementType.Float => OrtValue.CreateTensorValueFromMemory(Values, Shape),
        TensorElementType.Float16 => Of(value => (Float16)value),
        TensorElementType.Int64 => Of(value => (long)value),
        TensorElementType.Int32 => Of(value => (int)value),
        TensorElementType.Bool => Of(value => value != 0),
        TensorElementType.UInt8 => Of(value => (byte)value),
        _ => null,
    };

    /// <summary>What a network gave; null for a type that holds no numbers.</summary>
    public static OnnxTensor? From(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        float[]? values = info.ElementDataType switch
        {
            TensorElementType.Float => [.. value.GetTensorDataAsSpan<float>()],
            TensorElementType.Float16 => Floats<Float16>(number => (float)number),
            TensorElementType.Double => Floats<double>(number => (float)number),
            TensorElementType.Int64 => Floats<long>(number => number),
            TensorElementType.Int32 => Floats<int>(number => number),
            TensorElementType.Bool => Floats<bool>(number => number ? 1 : 0),
            TensorElementType.UInt8 => Floats<byte>(number => number),
            _ => null,
        };
        return values is null ? null : new(values, info.Shape);

        float[] Floats<T>(Converter<T, float> convert)
            where T : unmanaged => Array.ConvertAll(value.GetTensorDataAsSpan<T>().ToArray(), convert);
    }

    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(side => side < 0 ? "any" : $"{side}"))}]";

    private OrtValue Of<T>(Converter<float, T> convert)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(Values, convert), Shape);
}
