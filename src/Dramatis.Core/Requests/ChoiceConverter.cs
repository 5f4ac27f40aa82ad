using System.Text.Json;
using System.Text.Json.Serialization;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>Values of enums as JSON has them: <c>in_small_letters</c>, never as numbers.</summary>
internal sealed class ChoiceConverter : JsonConverterFactory
{
    public override bool CanConvert(Type type) => type.IsEnum;

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!;

    private sealed class Of<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly (T Value, string Name)[] All =
            [.. Enum.GetValues<T>().Select(value => (value, JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())))];

        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var name = reader.GetString()!;
            return Array.Find(All, item => item.Name == name) is { Name: not null } found
                ? found.Value
                : throw new RefusedValueException($"\"{name}\" {Spelling.Unknown(name, [.. All.Select(item => item.Name)])}");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(All.First(item => item.Value.Equals(value)).Name);
    }
}
