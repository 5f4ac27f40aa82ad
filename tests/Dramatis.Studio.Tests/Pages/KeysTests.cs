using Dramatis.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

[Collection(InBrowser.Name)]
[Slow]
public sealed class KeysTests(StudioBrowser browser)
{
    [Fact]
    public async Task From_the_first_key_on_a_browser_logs_in()
    {
        Assert.SkipUnless(browser.IsThere, "there is no browser");
        await using var service = await RunningService.StartAsync(null, ("rehearse", "true"));
        await using var studio = await browser.OpenAsync("/keys", service: service);
        await studio.Page.GetByLabel("Name").FillAsync("chef");
        await studio.Page.GetByLabel("Role").SelectOptionAsync("admin");
        await studio.Tool("Make a key").ClickAsync();
        var key = await studio.Page.Locator(".secret code").TextContentAsync();

        await studio.Page.GotoAsync("/gallery");
        await Expect(studio.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/login$"));
        await studio.Page.GetByLabel("Key").FillAsync("dramatis_wrong");
        await studio.Tool("Log in").ClickAsync();
        await Expect(studio.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync("no key of this service");
        await studio.Page.GetByLabel("Key").FillAsync(key!);
        await studio.Tool("Log in").ClickAsync();
        await Expect(studio.Page.GetByLabel("Log out chef")).ToBeVisibleAsync();
        await studio.GoAsync("/");
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.GoAsync("/keys");
        await Expect(studio.Page.Locator(".jobs tbody tr")).ToContainTextAsync("chef");
    }
}
