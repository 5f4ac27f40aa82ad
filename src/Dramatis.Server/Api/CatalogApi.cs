using Dramatis.Methods.Catalog;
using Dramatis.Schedules;
using Dramatis.Server.Settings;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Api;

/// <summary>A model or what goes with one. The first four fields are those of OpenAI's list of models.</summary>
internal sealed record ModelView(
    string Id, string Object, long Created, string OwnedBy, string Kind, IReadOnlyList<string> Can, string? Family, string? Licence, string? Sha256);

internal sealed record ModelList(string Object, IReadOnlyList<ModelView> Data);

internal sealed record MethodView(string Name, string Summary);

internal sealed record SamplerViews(IReadOnlyList<string> Samplers, IReadOnlyList<string> Schedules);

/// <summary>How much may be asked for.</summary>
internal sealed record LimitsView(
    int MaxQueue, int MaxQueuePerOwner, double MaxWork, int MaxPrompt, int MaxUploadMb, int MaxUploadMegapixels, int MaxSeconds);

/// <summary>What there is, and what it can do.</summary>
internal static class CatalogApi
{
    public static void MapCatalog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", (ModelCatalog catalog) => new ModelList("list", [.. catalog.Entries.Select(Of)]))
            .WithName("models").WithSummary("Models, adapters, ControlNets and LoRAs, by the names that requests use.");
        routes.MapGet("/v1/models/{id}", (ModelCatalog catalog, string id) =>
            Of(catalog.Entries.FirstOrDefault(entry => entry.Name == id) ?? throw RefusedException.NotFound("model", id)))
            .WithName("model").WithSummary("One of them.");
        routes.MapGet("/v1/methods", () => MethodCatalog.All.Select(method => new MethodView(method.Name, method.Summary)))
            .WithName("methods").WithSummary("Ways to keep subjects.");
        routes.MapGet("/v1/samplers", () => new SamplerViews(SamplerKinds.All, ScheduleNames.All)).WithName("samplers").WithSummary("Samplers and noise schedules.");
        routes.MapGet("/v1/limits", async (HttpContext context, ServiceSettings settings, ServiceLimits limits) =>
        {
            var own = await limits.OfAsync(context.Owner(), context.RequestAborted);
            return new LimitsView(
                settings.MaxQueue, own.MaxQueue, own.MaxWork, settings.MaxPrompt, settings.MaxUploadMb, settings.MaxUploadMegapixels, settings.MaxSeconds);
        }).WithName("limits").WithSummary("How much may be asked for.");
    }

    private static ModelView Of(CatalogEntry entry) => new(
        entry.Name, "model", 0, "dramatis", entry.Contents.Kind, entry.Contents.Can, entry.Contents.Family, entry.Licence, entry.Digest?.Sha256);
}
