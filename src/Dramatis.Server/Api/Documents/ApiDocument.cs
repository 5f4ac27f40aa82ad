using Dramatis.Server.Access;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Dramatis.Server.Api.Documents;

/// <summary>The API's own description, and a page to browse it with.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";
    private const string Page = "/docs";

    // What is read by rules of our own is described by them.
    private static readonly Dictionary<string, Func<OpenApiSchema>> Bodies = new()
    {
        ["paint"] = RequestSchema.OfPainting,
        ["cast_add"] = () => RequestSchema.Of(typeof(CastOrder)),
        ["cast_change"] = () => RequestSchema.Of(typeof(CastPatch)),
        ["learn"] = RequestSchema.OfLearning,
    };

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Dramatis", Version = Name, Description = "Puts your own cast of subjects into any picture." };
            document.Servers = [];    // wherever it was read from
            (document.Components ??= new()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [KeyHandler.Name] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            };
            document.Security = [new() { [new(KeyHandler.Name, document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            if (Bodies.TryGetValue(operation.OperationId ?? "", out var schema))
            {
                operation.RequestBody = Body(schema(), isForm: operation.OperationId != "learn");
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference(Page, options => options.WithTitle("Dramatis").WithOpenApiRoutePattern("/openapi/{documentName}.json").DisableDefaultFonts().WithNonce())
            .AllowAnonymous();
    }

    /// <summary>The page is a program in the browser, from here alone and by the word of this answer; nothing else that is served is one.</summary>
    public static void UseApiPage(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(Page))
        {
            context.Response.OnStarting(() =>
            {
                var scripts = context.Items.TryGetValue(ScalarOptions.NonceHttpContextItemKey, out var nonce) ? $"'self' 'nonce-{nonce}'" : "'self'";
                context.Response.Headers.ContentSecurityPolicy =
                    $"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";
                return Task.CompletedTask;
            });
        }

        return next(context);
    });

    // A form has the JSON as one of its parts, and pictures as the others.
    private static OpenApiRequestBody Body(OpenApiSchema schema, bool isForm)
    {
        var content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } };
        if (isForm)
        {
            content["multipart/form-data"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema> { ["request"] = new OpenApiSchema { Type = JsonSchemaType.String } },
                    Required = new HashSet<string> { "request" },
                },
            };
        }

        return new() { Required = true, Content = content };
    }
}
