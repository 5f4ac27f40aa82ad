using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>How a request's records are in JSON: what is null or left out has its usual value, and what has it is left out.</summary>
/// <remarks>
/// Not from the source generator: it can neither set what is init only nor keep its usual value, so that all it made would be made again here.
/// </remarks>
internal sealed class RequestContract : IJsonTypeInfoResolver
{
    private readonly RequestPaths paths;
    private readonly (Type Declared, Type Own) kind;
    private readonly JsonSerializerOptions options;

    /// <param name="paths">How files and models are named.</param>
    /// <param name="kind">The record that stands in fields of a more general one.</param>
    /// <param name="more">For what no other request has.</param>
    public RequestContract(RequestPaths paths, (Type Declared, Type Own) kind = default, params IEnumerable<JsonConverter> more)
    {
        this.paths = paths;
        this.kind = kind;
        options = new()
        {
            TypeInfoResolver = this,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new TextConverter<Reference>(paths.ToPicture, paths.FromPicture),
                new TextConverter<LayoutMode>(
                    name => LayoutModes.Find(name) ?? throw new RefusedValueException(LayoutModes.Unknown(name)), LayoutModes.NameOf),
                new NumbersConverter<PixelSize, int>(
                    "[width, height]", list => list is [var width, var height] ? new(width, height) : null, size => [size.Width, size.Height]),
                new NumbersConverter<PixelPoint, int>(
                    "[left, top]", list => list is [var left, var top] ? new(left, top) : null, point => [point.Left, point.Top]),
                new NumbersConverter<StepWindow, double>(
                    "[start, end]", list => list is [var start, var end] ? new(start, end) : null, window => [window.Start, window.End]),
                new PlaceConverter(paths),
                new LearnedConverter(paths),
                new ChoiceConverter(),
            },
        };
        foreach (var converter in more)
        {
            options.Converters.Add(converter);
        }
    }

    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));

    /// <summary>The names of the fields beside one.</summary>
    /// <param name="type">Of the whole request.</param>
    /// <param name="field">Its path, for example <c>subjects[1].place</c>.</param>
    public IReadOnlyList<string> NamesBeside(JsonTypeInfo type, string field) => [.. RecordOf(type, field).Properties.Select(property => property.Name)];

    /// <summary>A field by its path, where a record has it itself.</summary>
    public RequestField? Find(JsonTypeInfo type, string field) =>
        RequestField.Of(RecordOf(type, field).Type).FirstOrDefault(item => item.Name == field[(field.LastIndexOf('.') + 1)..]);

    private JsonTypeInfo RecordOf(JsonTypeInfo type, string field)
    {
        foreach (var name in field.Split('.')[..^1].Select(part => part.Split('[')[0]))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == name) is not { } property)
            {
                break;    // a dot in an unknown name
            }

            type = options.GetTypeInfo(property.PropertyType);
            type = type.ElementType is { } element ? options.GetTypeInfo(element) : type;
        }

        return type;
    }

    JsonTypeInfo IJsonTypeInfoResolver.GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        var shaped = JsonTypeInfo.CreateJsonTypeInfo(type, options);
        if (shaped.Kind == JsonTypeInfoKind.Object)
        {
            var usual = Activator.CreateInstance(type)!;
            shaped.CreateObject = () => Activator.CreateInstance(type)!;
            shaped.OnDeserialized = RefuseMissing;
            foreach (var field in RequestField.Of(type))
            {
                shaped.Properties.Add(Shape(shaped, field, field.Get(usual)));
            }
        }

        return shaped;
    }

    private JsonPropertyInfo Shape(JsonTypeInfo type, RequestField field, object? usual)
    {
        var own = field.Type == kind.Declared ? kind.Own : field.Type;
        var shaped = type.CreateJsonPropertyInfo(own.IsValueType ? typeof(Nullable<>).MakeGenericType(own) : own, field.Name);
        shaped.CustomConverter = PathConverter(field.Said.Path);
        shaped.Get = field.Get;
        shaped.ShouldSerialize = field.IsRequired ? null : (_, value) => !Equals(value, usual);
        shaped.Set = (record, value) =>
        {
            RefuseNulls(value, field.Type);
            if (value is not null)
            {
                field.Set(record, value);
            }
        };
        return shaped;
    }

    private TextConverter<string>? PathConverter(FieldPath path) => path switch
    {
        FieldPath.File => new(text => paths.ToFile(text), paths.FromFile),
        FieldPath.Listing => new(paths.ToListing, paths.FromFile),
        FieldPath.Model => new(paths.ToModel, paths.FromModel),
        _ => null,
    };

    private static void RefuseNulls(object? value, Type type)
    {
        if (value is IReadOnlyList<object?> list && list.Index().FirstOrDefault(item => item.Item is null, (-1, null)).Index is >= 0 and var missing)
        {
            throw new RefusedValueException(WhatIsNot(type.GetGenericArguments()[0]), $"[{missing}]");
        }
    }

    private static string WhatIsNot(Type item) =>
        item == typeof(Reference) ? RequestPaths.NoPicture
        : item == typeof(string) ? "is null; it must be text."
        : "is null; it must be an object with "
            + $"{string.Join(" and ", RequestField.Of(item).Where(field => field.IsRequired).Select(field => $"\"{field.Name}\""))}.";

    private static void RefuseMissing(object record)
    {
        foreach (var field in RequestField.Of(record.GetType()).Where(field => field.IsRequired))
        {
            if (field.Get(record) is var value && (value is null || (value is ValueType && value.Equals(Activator.CreateInstance(field.Type)))))
            {
                throw new RefusedValueException($"is missing; {field.Said.Cure}.", $".{field.Name}");
            }
        }
    }
}
