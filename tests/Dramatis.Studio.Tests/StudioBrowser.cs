using Microsoft.Playwright;

namespace Dramatis.Studio.Tests;

/// <summary>Debian's Chromium, and a service whose painters paint nothing, at once.</summary>
public sealed class StudioBrowser : IAsyncLifetime
{
    /// <summary>How long anything may take: a busy machine is no mistake.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? playwright;
    private IBrowser? browser;

    internal RunningService Service { get; private set; } = null!;

    /// <summary>Otherwise tests in it are skipped.</summary>
    public bool IsThere => browser is not null;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
        {
            return;
        }

        Service = await RunningService.StartAsync(null, ("rehearse", "true"));
        playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        browser = await LaunchAsync(playwright);
        await Service.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        playwright?.Dispose();
        await (Service?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>A browser of its own: nothing kept, no cookies.</summary>
    /// <param name="service">Another than the one that all share.</param>
    /// <param name="prepare">What is to be done before the page is asked for.</param>
    internal async Task<StudioPage> OpenAsync(
        string path = "/", int width = 1440, int height = 900, bool isDark = true, RunningService? service = null, Func<IPage, Task>? prepare = null)
    {
        Assert.SkipUnless(browser is not null, $"{Chromium} is not there");
        var context = await browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            BaseURL = (service ?? Service).Address.ToString(),
            HasTouch = width < 500,
        });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        await context.AddCookiesAsync([new() { Name = "dramatis-theme", Value = isDark ? "dark" : "light", Url = (service ?? Service).Address.ToString() }]);
        var page = new StudioPage(await context.NewPageAsync(), service ?? Service);
        await (prepare?.Invoke(page.Page) ?? Task.CompletedTask);
        await page.GoAsync(path);
        return page;
    }

    private static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Chromium,
        Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
    });
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class InBrowser : ICollectionFixture<StudioBrowser>
{
    public const string Name = "browser";
}
