using System.Text.Json.Nodes;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;
using Microsoft.OpenApi;

namespace Dramatis.Server.Api.Documents;

/// <summary>A request in the words of OpenAPI, from what its fields say of themselves.</summary>
internal static class RequestSchema
{
    private static readonly Dictionary<Type, JsonSchemaType> Plain = new()
    {
        [typeof(bool)] = JsonSchemaType.Boolean,
        [typeof(int)] = JsonSchemaType.Integer,
        [typeof(long)] = JsonSchemaType.Integer,
        [typeof(ulong)] = JsonSchemaType.Integer,
        [typeof(double)] = JsonSchemaType.Number,
        [typeof(string)] = JsonSchemaType.String,
    };

    private static readonly Dictionary<string, IReadOnlyList<string>> Choices = new()
    {
        ["sampler"] = SamplerKinds.All,
        ["schedule"] = ScheduleNames.All,
        ["method"] = [.. MethodCatalog.All.Select(method => method.Name)],
    };

    /// <summary>All fields of a record and of those in it.</summary>
    public static OpenApiSchema Of(Type record)
    {
        var fields = RequestField.Of(record).ToList();
        return new()
        {
            Type = JsonSchemaType.Object,
            Properties = fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)Of(field)),
            Required = fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(),
            AdditionalPropertiesAllowed = false,
        };
    }

    /// <summary>A request to paint, whose subjects may be of the cast.</summary>
    public static OpenApiSchema OfPainting()
    {
        var schema = Of(typeof(GenerationRequest));
        var subject = (OpenApiSchema)schema.Properties!["subjects"].Items!;
        subject.Required = null;    // the phrase of one of the cast is known
        subject.Properties!["cast"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A subject of the cast, by its name or id, instead of references." };
        return schema;
    }

    /// <summary>A request to learn the one subject that the route names.</summary>
    public static OpenApiSchema OfLearning()
    {
        var schema = Of(typeof(LearnRequest));
        var subject = (OpenApiSchema)schema.Properties!["subjects"].Items!;
        schema.Properties.Remove("subjects");
        schema.Properties.Remove("output");
        schema.Required!.Remove("subjects");
        schema.Properties["settings"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "What the method alone lets choose." };
        ((OpenApiSchema)schema.Properties["method"]).Enum = [.. LearnedMethods.All.Select(method => (JsonNode)method.Name)];
        foreach (var field in LearnIntake.OfSubject)
        {
            schema.Properties[field] = subject.Properties![field];
        }

        return schema;
    }

    private static OpenApiSchema Of(RequestField field)
    {
        var schema = OfType(field.Type);
        schema.Description = field.Said.Meaning;
        schema.Enum = Choices.TryGetValue(field.Name, out var names) ? [.. names.Select(name => (JsonNode)name)] : null;
        if (Plain.GetValueOrDefault(field.Type) is JsonSchemaType.Integer or JsonSchemaType.Number)
        {
            schema.Minimum = Bound(field.Said.Least);
            schema.Maximum = Bound(field.Said.Most);
        }
        else if (schema.Type == JsonSchemaType.String && double.IsFinite(field.Said.Most))
        {
            schema.MaxLength = (int)field.Said.Most;
        }

        return schema;
    }

    private static OpenApiSchema OfType(Type type) =>
        Plain.TryGetValue(type, out var plain) ? new() { Type = plain }
        : type == typeof(Reference) ? new() { Type = JsonSchemaType.String }
        : type == typeof(PixelSize) || type == typeof(PixelPoint) ? Numbers(JsonSchemaType.Integer)
        : type == typeof(StepWindow) ? Numbers(JsonSchemaType.Number)
        : type.IsEnum ? new() { Type = JsonSchemaType.String }
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
            ? new() { Type = JsonSchemaType.Array, Items = OfType(type.GetGenericArguments()[0]) }
        : type == typeof(SubjectPlace) || type == typeof(LearnedFile) ? new()    // several forms
        : Of(type);

    private static OpenApiSchema Numbers(JsonSchemaType kind) => new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = kind }, MinItems = 2, MaxItems = 2 };

    private static string? Bound(double value) => double.IsFinite(value) ? value.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
}
