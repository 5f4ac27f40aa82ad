using System.Net;
using Dramatis.Errors;
using Dramatis.Server.Access;
using Dramatis.Server.Settings;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Dramatis.Server.Api;

/// <summary>What is looked at before anything else of a request, and what every answer says to browsers.</summary>
internal static class DoorRules
{
    /// <summary>A page of another name that resolves to this machine gets no answer.</summary>
    public static void AddDoorRules(this IServiceCollection services, Doorway door, ServiceSettings settings)
    {
        services.AddSingleton(door);
        services.Configure<HostFilteringOptions>(options => options.AllowedHosts = [.. door.Hosts]);
        var proxies = Doorway.Split(settings.TrustedProxy ?? "").Select(ProxyOf).ToList();
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            options.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            proxies.ForEach(options.KnownIPNetworks.Add);
        });
    }

    public static void UseDoorRules(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseHostFiltering();
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "same-origin";
            return IsOfAnotherPage(context.Request)
                ? Refuse(context)
                : next(context);
        });
    }

    /// <summary>Takes for JSON what a program posts without a word of what it is, as <c>curl -d</c> does: it calls all of it a form, and no route takes such.</summary>
    public static void UseJsonOfCurl(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (request.ContentType is "application/x-www-form-urlencoded" && (request.Path.StartsWithSegments("/v1") || request.Path.StartsWithSegments("/sdapi")))
        {
            request.ContentType = "application/json";
        }

        return next(context);
    });

    private static IPNetwork ProxyOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidRequestException("trusted_proxy", $"\"{text}\" is neither an address nor a range such as 10.0.0.0/8.");

    // Browsers say which page sends what changes something; programs say nothing.
    private static bool IsOfAnotherPage(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && request.Headers.Origin.ToString() is { Length: > 0 } origin
        && origin != $"{request.Scheme}://{request.Host}";

    private static Task Refuse(HttpContext context) => TypedResults.Problem(
        "a page of another address may not ask for that.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
}
