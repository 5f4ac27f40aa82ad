using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dramatis.Server.Tests.Storage;

/// <summary>As much of S3 as blobs need, in this process: objects of one bucket in a dictionary.</summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    public const string Bucket = "pictures";

    private const int PageSize = 3;    // so that lists have several pages

    private static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";

    private readonly WebApplication app;

    private FakeS3(WebApplication app) => this.app = app;

    public ConcurrentDictionary<string, (byte[] Bytes, DateTimeOffset Written)> Objects { get; } = [];

    public string Address => app.Urls.First();

    /// <summary>Requests whose signature names another key are refused.</summary>
    public static async Task<FakeS3> StartAsync(string key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var fake = new FakeS3(app);
        app.Run(context => context.Request.Headers.Authorization.ToString().Contains($"Credential={key}/", StringComparison.Ordinal)
            ? fake.AnswerAsync(context)
            : Refuse(context, StatusCodes.Status403Forbidden, "InvalidAccessKeyId"));
        await app.StartAsync();
        return fake;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var key = context.Request.Path.Value!.Split('/', 3) is [_, Bucket, { Length: > 0 } name] ? Uri.UnescapeDataString(name) : null;
        switch (context.Request.Method)
        {
            case "PUT" when key is not null:
                using (var bytes = new MemoryStream())
                {
                    await context.Request.Body.CopyToAsync(bytes);
                    Objects[key] = (bytes.ToArray(), DateTimeOffset.UtcNow);
                }

                break;
            case "GET" when key is null:
                await ListAsync(context);
                break;
            case "GET" when Objects.TryGetValue(key, out var found):
                context.Response.ContentLength = found.Bytes.Length;
                await context.Response.Body.WriteAsync(found.Bytes);
                break;
            case "DELETE" when key is not null:
                Objects.TryRemove(key, out _);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                await Refuse(context, StatusCodes.Status404NotFound, "NoSuchKey");
                break;
        }
    }

    private async Task ListAsync(HttpContext context)
    {
        var (prefix, after) = (context.Request.Query["prefix"].ToString(), context.Request.Query["continuation-token"].ToString());
        var keys = Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Where(key => string.CompareOrdinal(key, after) > 0).ToList();
        var page = keys.Take(PageSize).ToList();
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(new XElement(
            Xml + "ListBucketResult",
            new XElement(Xml + "IsTruncated", keys.Count > PageSize ? "true" : "false"),
            keys.Count > PageSize ? new XElement(Xml + "NextContinuationToken", page[^1]) : null,
            page.Select(key => new XElement(
                Xml + "Contents",
                new XElement(Xml + "Key", key),
                new XElement(Xml + "LastModified", Objects[key].Written.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
                new XElement(Xml + "Size", Objects[key].Bytes.Length)))).ToString());
    }

    private static Task Refuse(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(new XElement("Error", new XElement("Code", code), new XElement("Message", code)).ToString());
    }
}
