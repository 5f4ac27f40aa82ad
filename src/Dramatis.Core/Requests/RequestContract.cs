using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>How a request's records are in JSON: what is null or left out has its usual value, and what has it is left out.</summary>
internal sealed class RequestContract
{
    private readonly string? folder;
    private readonly JsonSerializerOptions options;

    /// <param name="folder">What paths are relative to; null writes them as they are.</param>
    public RequestContract(string? folder)
    {
        this.folder = folder;
        options = new()
        {
            TypeInfoResolver = RequestContext.Default.WithAddedModifier(Shape),
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new TextConverter<Reference>(text => RequestPaths.ToPicture(text, folder!), picture => RequestPaths.FromPicture(picture, folder)),
                new TextConverter<LayoutMode>(name => LayoutModes.Find(name) ?? throw new RefusedValueException(LayoutModes.Unknown(name)), LayoutModes.NameOf),
                new NumbersConverter<PixelSize, int>("[width, height]", list => list is [var width, var height] ? new(width, height) : null, size => [size.Width, size.Height]),
                new NumbersConverter<PixelPoint, int>("[left, top]", list => list is [var left, var top] ? new(left, top) : null, point => [point.Left, point.Top]),
                new NumbersConverter<StepWindow, double>("[start, end]", list => list is [var start, var end] ? new(start, end) : null, window => [window.Start, window.End]),
                new PlaceConverter(folder),
            },
        };
    }

    public JsonTypeInfo<GenerationRequest> Request => (JsonTypeInfo<GenerationRequest>)options.GetTypeInfo(typeof(GenerationRequest));

    /// <summary>The names of the fields beside one.</summary>
    /// <param name="field">Its path, for example <c>subjects[1].place</c>.</param>
    public IReadOnlyList<string> NamesBeside(string field)
    {
        JsonTypeInfo type = Request;
        foreach (var name in field.Split('.')[..^1].Select(part => part.Split('[')[0]))
        {
            if (type.Properties.FirstOrDefault(property => property.Name == name) is not { } property)
            {
                break;    // a dot in an unknown name
            }

            type = options.GetTypeInfo(property.PropertyType);
            type = type.ElementType is { } element ? options.GetTypeInfo(element) : type;
        }

        return [.. type.Properties.Select(property => property.Name)];
    }

    private void Shape(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        var usual = Activator.CreateInstance(type.Type)!;
        JsonPropertyInfo[] given = [.. type.Properties.Where(property => property.Set is not null)];
        type.Properties.Clear();
        type.CreateObject = () => Activator.CreateInstance(type.Type)!;
        Array.ForEach(given, property => type.Properties.Add(Shape(type, property, usual)));
        type.OnDeserialized = request => RefuseMissing(request, type.Properties);
    }

    // The generator cannot set what is init only.
    private JsonPropertyInfo Shape(JsonTypeInfo type, JsonPropertyInfo given, object usual)
    {
        var member = (PropertyInfo)given.AttributeProvider!;
        var (own, usualValue) = (member.PropertyType, member.GetValue(usual));
        var takesNull = !own.IsValueType || Nullable.GetUnderlyingType(own) is not null;
        var shaped = type.CreateJsonPropertyInfo(takesNull ? own : typeof(Nullable<>).MakeGenericType(own), given.Name);
        shaped.AttributeProvider = member;
        shaped.CustomConverter = PathConverterOf(member);
        shaped.Get = member.GetValue;
        shaped.Set = (request, value) =>
        {
            RefuseNulls(value, own);
            if (value is not null)
            {
                member.SetValue(request, value);
            }
        };
        shaped.ShouldSerialize = IsRequired(given) || member.GetCustomAttribute<JsonIgnoreAttribute>() is { Condition: JsonIgnoreCondition.Never }
            ? null
            : (_, value) => !Equals(value, usualValue);
        return shaped;
    }

    private TextConverter<string>? PathConverterOf(MemberInfo member) => member.GetCustomAttribute<FieldAttribute>()?.Path switch
    {
        FieldPath.File => new(text => Path.Combine(folder!, text), path => RequestPaths.FromFile(path, folder)),
        FieldPath.Model => new(text => RequestPaths.ToModel(text, folder!), path => RequestPaths.FromModel(path, folder)),
        _ => null,
    };

    private void RefuseNulls(object? value, Type type)
    {
        if (value is IReadOnlyList<object?> list && list.Index().FirstOrDefault(item => item.Item is null, (-1, null)).Index is >= 0 and var missing)
        {
            var names = options.GetTypeInfo(options.GetTypeInfo(type).ElementType!).Properties.Where(IsRequired).Select(property => $"\"{property.Name}\"");
            throw new RefusedValueException(
                list is IReadOnlyList<Reference?> ? RequestPaths.NoPicture : $"is null; it must be an object with {string.Join(" and ", names)}.", $"[{missing}]");
        }
    }

    private static bool IsRequired(JsonPropertyInfo property) => property.AttributeProvider!.IsDefined(typeof(RequiredMemberAttribute), inherit: false);

    private static void RefuseMissing(object request, IEnumerable<JsonPropertyInfo> properties)
    {
        foreach (var property in properties.Where(IsRequired))
        {
            var member = (PropertyInfo)property.AttributeProvider!;
            if (member.GetValue(request) is var value && (value is null || (value is ValueType && value.Equals(Activator.CreateInstance(member.PropertyType)))))
            {
                throw new RefusedValueException($"is missing; {member.GetCustomAttribute<FieldAttribute>()!.Cure}.", $".{property.Name}");
            }
        }
    }
}
