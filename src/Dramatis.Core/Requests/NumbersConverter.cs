using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dramatis.Requests;

/// <summary>A value that is a list of numbers in JSON, for example <c>[width, height]</c>.</summary>
/// <param name="form">The list, as users write it.</param>
/// <param name="read">Null where the list has too many or too few.</param>
internal sealed class NumbersConverter<T, TNumber>(string form, Func<List<TNumber>, T?> read, Func<T, TNumber[]> write) : JsonConverter<T>
    where T : struct
{
    public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new RefusedValueException(null);
        }

        var numbers = new List<TNumber>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            try
            {
                numbers.Add(ConverterOf(options).Read(ref reader, typeof(TNumber), options)!);
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException)
            {
                throw new RefusedValueException(null, $"[{numbers.Count}]");
            }
        }

        return read(numbers) ?? throw RefusedValueException.OfCount(numbers.Count, form);
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        Array.ForEach(write(value), number => ConverterOf(options).Write(writer, number, options));
        writer.WriteEndArray();
    }

    private static JsonConverter<TNumber> ConverterOf(JsonSerializerOptions options) => (JsonConverter<TNumber>)options.GetConverter(typeof(TNumber));
}
