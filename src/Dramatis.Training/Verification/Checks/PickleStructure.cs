using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Pickles;

namespace Dramatis.Verification.Checks;

/// <summary>Compares what a pickle holds with a description of it in JSON.</summary>
/// <remarks>
/// <c>{"dict": [[key, value], …]}</c>, <c>{"int": text}</c>, <c>{"tensor": path, "dtype", "shape"}</c> and so on; text, true, false and
/// null stand for themselves, and so do the whole numbers in a set or size.
/// </remarks>
internal static class PickleStructure
{
    /// <summary>Where and how the two differ first, or null.</summary>
    public static string? Difference(JsonElement expected, PickleValue actual, string place = "root") =>
        expected.ValueKind == JsonValueKind.Object
            ? Difference(expected.EnumerateObject().First(), expected, actual, place)
            : Same(Plain(expected, actual), place, actual);

    private static bool Plain(JsonElement expected, PickleValue actual) => (expected.ValueKind, actual) switch
    {
        (JsonValueKind.String, PickleText text) => text.Value == expected.GetString(),
        (JsonValueKind.Number, PickleInteger whole) => whole.Value == expected.GetInt64(),
        (JsonValueKind.True, PickleTruth truth) => truth.Value,
        (JsonValueKind.False, PickleTruth truth) => !truth.Value,
        (JsonValueKind.Null, PickleNone) => true,
        _ => false,
    };

    private static string? Difference(JsonProperty kind, JsonElement expected, PickleValue actual, string place) => (kind.Name, actual) switch
    {
        ("dict", PickleMapping { IsOrdered: false } mapping) => Entries(kind.Value, mapping, place),
        ("ordered_dict", PickleMapping { IsOrdered: true } mapping) => Entries(kind.Value, mapping, place),
        ("list", PickleSequence { Kind: SequenceKind.List } items) => Items(kind.Value, items, place),
        ("tuple", PickleSequence { Kind: SequenceKind.Tuple } items) => Items(kind.Value, items, place),
        ("set", PickleSequence { Kind: SequenceKind.Set } items) => Items(kind.Value, items, place),
        ("size", PickleSequence { Kind: SequenceKind.Size } items) => Items(kind.Value, items, place),
        ("int", PickleInteger whole) => Same(whole.Value == BigInteger.Parse(Text(kind), CultureInfo.InvariantCulture), place, actual),
        ("float", PickleNumber number) => Same(number.Value.Equals(Number(Text(kind))), place, actual),
        ("bytes", PickleBytes bytes) => Same(Convert.ToHexStringLower(bytes.Value.Span) == Text(kind), place, actual),
        ("torch_dtype", PickleElementType type) => Same(type.Name == Text(kind), place, actual),
        ("torch_device", PickleDevice device) => Same(device.Name == Text(kind), place, actual),
        ("tensor", PickleTensor tensor) => Tensor(expected, tensor, place),
        _ => Same(false, place, actual),
    };

    private static string? Entries(JsonElement expected, PickleMapping actual, string place) =>
        expected.GetArrayLength() != actual.Entries.Count
            ? $"{place} has {actual.Entries.Count} entries"
            : expected.EnumerateArray().Zip(actual.Entries)
                .Select((pair, i) => Difference(pair.First[0], pair.Second.Key, $"{place}, key {i}")
                    ?? Difference(pair.First[1], pair.Second.Value, $"{place}, value {i}"))
                .FirstOrDefault(problem => problem is not null);

    private static string? Items(JsonElement expected, PickleSequence actual, string place) =>
        expected.GetArrayLength() != actual.Items.Count
            ? $"{place} has {actual.Items.Count} items"
            : expected.EnumerateArray().Zip(actual.Items)
                .Select((pair, i) => Difference(pair.First, pair.Second, $"{place}[{i}]"))
                .FirstOrDefault(problem => problem is not null);

    private static string? Tensor(JsonElement expected, PickleTensor actual, string place) => Same(
        TorchTypes.Of(actual.Type).Name() == expected.GetProperty("dtype").GetString()
        && actual.Shape.SequenceEqual(expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()))
        && actual.IsParameter == (expected.TryGetProperty("parameter", out var parameter) && parameter.GetBoolean()),
        place,
        actual);

    private static string? Same(bool same, string place, PickleValue actual) => same ? null : $"{place} is another {actual.GetType().Name}";

    private static string Text(JsonProperty kind) => kind.Value.GetString()!;

    private static double Number(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
