using System.Net;
using Dramatis.Errors;
using Microsoft.AspNetCore.HostFiltering;

namespace Dramatis.Server.Api;

/// <summary>Who may come in at all, and what every answer says to browsers.</summary>
internal static class DoorRules
{
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>The addresses to listen on.</summary>
    /// <exception cref="InvalidRequestException">One is no address, or not one of this machine alone: anybody could ask there.</exception>
    public static string[] Addresses(string urls)
    {
        var addresses = urls.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        InvalidRequestException.ThrowUnless(addresses.Length > 0, "urls", "is empty; give an address such as http://127.0.0.1:7865.");
        foreach (var address in addresses)
        {
            InvalidRequestException.ThrowUnless(
                Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https", "urls", $"\"{address}\" is no address; write http://127.0.0.1:7865.");
            InvalidRequestException.ThrowUnless(
                url!.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)),
                "urls", $"\"{address}\" can be reached from other machines, by anybody; listen on 127.0.0.1, behind a proxy that knows its users.");
        }

        return addresses;
    }

    /// <summary>A page of another name that resolves to this machine gets no answer.</summary>
    public static void AddDoorRules(this IServiceCollection services) => services.Configure<HostFilteringOptions>(options => options.AllowedHosts = OwnNames);

    public static void UseDoorRules(this WebApplication app)
    {
        app.UseHostFiltering();
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            return IsOfAnotherPage(context.Request)
                ? Refuse(context)
                : next(context);
        });
    }

    // Browsers say which page sends what changes something; programs say nothing.
    private static bool IsOfAnotherPage(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        && request.Headers.Origin.ToString() is { Length: > 0 } origin
        && origin != $"{request.Scheme}://{request.Host}";

    private static Task Refuse(HttpContext context) => TypedResults.Problem(
        "a page of another address may not ask for that.", statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
}
