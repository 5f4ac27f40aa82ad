using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Requests;

/// <summary>Where a subject stands, as JSON says it: a box as four numbers, or an object with a mask.</summary>
internal sealed record SubjectPlace(Box? Box, Reference? Mask);

/// <param name="paths">How the mask is named.</param>
internal sealed class PlaceConverter(RequestPaths paths) : JsonConverter<SubjectPlace>
{
    private const string MaskName = "mask";

    public override SubjectPlace Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        var place = JsonElement.ParseValue(ref reader);
        return place.ValueKind switch
        {
            JsonValueKind.Array when place.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number) => place.GetArrayLength() == 4
                ? new(new Box(place[0].GetDouble(), place[1].GetDouble(), place[2].GetDouble(), place[3].GetDouble()), null)
                : throw RefusedValueException.OfCount(place.GetArrayLength(), "[left, top, right, bottom]"),
            JsonValueKind.Object when place.EnumerateObject().ToArray() is [{ Name: MaskName, Value.ValueKind: JsonValueKind.String } mask] =>
                new(null, paths.ToPicture(mask.Value.GetString()!)),
            _ => throw new RefusedValueException("must be four numbers [left, top, right, bottom] or {\"mask\": \"file.png\"}."),
        };
    }

    public override void Write(Utf8JsonWriter writer, SubjectPlace value, JsonSerializerOptions options)
    {
        if (value.Box is { } box)
        {
            writer.WriteStartArray();
            Array.ForEach([box.Left, box.Top, box.Right, box.Bottom], writer.WriteNumberValue);
            writer.WriteEndArray();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString(MaskName, paths.FromPicture(value.Mask!));
        writer.WriteEndObject();
    }
}
