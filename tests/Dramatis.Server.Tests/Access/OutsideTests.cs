using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Access;

/// <summary>What goes out, what is believed of what comes in, and what stays inside.</summary>
public sealed class OutsideTests
{
    private static readonly object Dog = new { prompt = "a dog", steps = 1, size = "64x64", response_format = "url" };

    private string key = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_fetched_whatever_names_it()
    {
        using var site = new TcpListener(IPAddress.Loopback, 0);
        site.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)site.LocalEndpoint).Port}/cat.png";
        await using var service = await RunningService.StartAsync(null, ("painters", "0"));
        (string Path, object Body)[] requests =
        [
            ("/v1/pictures", new { prompt = "a cat", references = new[] { url } }),
            ("/v1/pictures", new { prompt = "a cat", image = url }),
            ("/v1/pictures", new { prompt = "a cat", model = url }),
            ("/v1/pictures", new { prompt = "a cat", loras = new[] { new { file = url } } }),
            ("/v1/pictures", new { prompt = "a cat", subjects = new[] { new { phrase = "cat", references = new[] { url } } } }),
            ("/v1/images/generations", new { prompt = "a cat", image = url }),
            ("/v1/images/edits", new { prompt = "a cat", images = new[] { new { image_url = url } } }),
            ("/v1/images/edits", new { prompt = "a cat", images = new[] { new { file_id = url } } }),
            ("/v1/cast", new { name = "cat", pictures = new[] { url } }),
            ("/sdapi/v1/img2img", new { prompt = "a cat", init_images = new[] { url } }),
        ];
        foreach (var (path, body) in requests)
        {
            var (status, _) = await service.PostAsync(path, body);
            Assert.True(status is 400 or 404 or 422, $"{path} {body} answers {status}");
        }

        Assert.False(site.Pending());
    }

    [Fact]
    public async Task No_secret_is_in_the_log_or_in_the_database()
    {
        await using var service = await RunningService.StartAsync(null, ("painters", "0"));
        var (good, bad) = (await service.AddKeyAsync("anna"), await service.AddKeyAsync("gone"));
        await service.RevokeAsync("gone");
        foreach (var key in (string[])[good, bad])
        {
            service.Use(key);
            await service.SendAsync(HttpMethod.Get, "/v1/jobs");
            await service.PostAsync("/v1/session", new { key });
            await service.PostAsync("/v1/session", key);
            await service.SendAsync(HttpMethod.Get, $"/v1/jobs?cursor={key}&limit=x");
        }

        service.Use(good);
        using var login = await service.Http.PostAsJsonAsync("/v1/session", new { key = good }, Stop);
        var cookie = login.Headers.GetValues("Set-Cookie").First().Split(['=', ';'])[1];
        await service.TerminateAsync();
        var stored = string.Concat(Directory.GetFiles(service.Data, "service.db*").Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));

        foreach (var secret in (string[])[good.Split('_')[^1], bad.Split('_')[^1], cookie])
        {
            Assert.DoesNotContain(secret, service.Log, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, stored, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Slow]
    [Fact]
    public async Task A_trusted_proxy_says_how_it_was_asked_and_nobody_else()
    {
        await using var trusting = await RunningService.StartAsync(
            await WithKeyAsync(), ("rehearse", "true"), ("trusted_proxy", "127.0.0.0/8"), ("hosts", "paint.example.org"));
        await using var plain = await RunningService.StartAsync(null, ("rehearse", "true"));

        using var login = await AskAsync(trusting, "/v1/session", new { key }, "paint.example.org");
        Assert.All(login.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("secure", cookie, StringComparison.Ordinal));
        trusting.Use(key);
        Assert.StartsWith("https://paint.example.org/v1/pictures/", await UrlAsync(trusting, "paint.example.org"), StringComparison.Ordinal);
        Assert.StartsWith($"{plain.Address}v1/pictures/", await UrlAsync(plain, "paint.example.org"), StringComparison.Ordinal);
        using var evil = await AskAsync(trusting, "/v1/images/generations", Dog, "evil.example");
        Assert.Equal(HttpStatusCode.BadRequest, evil.StatusCode);
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("10.0.0.0/99")]
    public async Task What_is_no_proxy_is_refused_at_start(string proxy)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.StartAsync(null, ("trusted_proxy", proxy)));

        Assert.Contains("trusted_proxy: ", refused.Message, StringComparison.Ordinal);
    }

    [Slow]
    [Fact]
    public async Task Kestrels_settings_bring_a_certificate()
    {
        using var secret = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var order = new CertificateRequest("CN=127.0.0.1", secret, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        order.CertificateExtensions.Add(names.Build());
        using var certificate = order.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var data = Directory.CreateTempSubdirectory("dramatis-test-").FullName;
        var (pem, key) = (Path.Combine(data, "service.pem"), Path.Combine(data, "service.key"));
        await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem(), Stop);
        await File.WriteAllTextAsync(key, secret.ExportPkcs8PrivateKeyPem(), Stop);
        await using var service = await RunningService.StartAsync(
            data, ("urls", "https://127.0.0.1:0"), ("painters", "0"), ("Kestrel__Certificates__Default__Path", pem), ("Kestrel__Certificates__Default__KeyPath", key));
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString(),
        };
        using var http = new HttpClient(handler);

        Assert.Equal("live", await http.GetStringAsync(new Uri(service.Address, "/health/live"), Stop));
    }

    private async Task<string> WithKeyAsync()
    {
        await using var first = await RunningService.StartAsync(null, ("painters", "0"));
        key = await first.AddKeyAsync("anna");
        await first.TerminateAsync();
        var data = Directory.CreateTempSubdirectory("dramatis-test-").FullName;
        Directory.GetFiles(first.Data, "service.db*").ToList().ForEach(file => File.Copy(file, Path.Combine(data, Path.GetFileName(file))));
        return data;
    }

    private static async Task<string> UrlAsync(RunningService service, string host)
    {
        using var answer = await AskAsync(service, "/v1/images/generations", Dog, host);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).List("data")[0].Text("url");
    }

    private static Task<HttpResponseMessage> AskAsync(RunningService service, string path, object body, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        return service.Http.SendAsync(request, Stop);
    }
}
