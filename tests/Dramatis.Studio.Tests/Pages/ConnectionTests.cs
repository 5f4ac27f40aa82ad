using System.Text.RegularExpressions;
using Dramatis.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

[Collection(InBrowser.Name)]
public sealed class ConnectionTests(StudioBrowser browser)
{
    [Fact]
    public async Task A_connection_that_is_cut_comes_back_to_the_same_stage()
    {
        var sockets = new List<IWebSocketRoute>();
        await using var studio = await browser.OpenAsync(prepare: page => page.RouteWebSocketAsync(new Regex("_blazor"), socket =>
        {
            socket.ConnectToServer();
            sockets.Add(socket);
        }));
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.Prompt.FillAsync("a {tiger} in the snow");
        await studio.KeptAsync(request => request.Text("prompt") == "a {tiger} in the snow");

        studio.IsCut = true;
        await sockets[^1].CloseAsync();
        await Expect(studio.Page.Locator("body")).ToHaveClassAsync(new Regex("away"));
        await studio.Prompt.FillAsync("a {tiger} in deep snow");    // typed while nobody hears
        await Expect(studio.Page.Locator("body")).Not.ToHaveClassAsync(new Regex("away"));
        studio.IsCut = false;

        await studio.KeptAsync(request => request.Text("prompt") == "a {tiger} in deep snow");
        await studio.SeesAsync(studio.Actors, 1);
        await studio.Actors.First.FocusAsync();
        await studio.Page.Keyboard.PressAsync("Control+d");
        await studio.SeesAsync(studio.Actors, 2);
        for (var step = 0; step < 3; step++)
        {
            await studio.Tool("Undo (Ctrl+Z)").ClickAsync();    // all that was done before is still known
        }

        await studio.SeesAsync(studio.Actors, 0);
    }

    [Fact, Slow]
    public async Task A_service_that_starts_anew_finds_the_stage_in_the_browser()
    {
        Assert.SkipUnless(browser.IsThere, "there is no browser");
        await using var first = await RunningService.StartAsync(null, ("rehearse", "true"));
        await using var studio = await browser.OpenAsync(service: first);
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.DropAsync("dog.png", .7, .5);
        await studio.SeesAsync(studio.Actors, 2);
        var place = await studio.PlaceAsync(1);

        studio.IsCut = true;
        first.Kill();
        await Expect(studio.Page.GetByText("The connection is lost.")).ToBeVisibleAsync();
        await studio.Prompt.FillAsync("a {tiger} and a {dog} in the snow");
        await using var second = await RunningService.StartAsync(first.Data, ("rehearse", "true"), ("urls", first.Address.ToString()));

        await Expect(studio.Page.GetByText("The connection is lost.")).ToBeHiddenAsync();
        await Expect(studio.Actors).ToHaveCountAsync(2);
        await Expect(studio.Prompt).ToHaveValueAsync("a {tiger} and a {dog} in the snow");
        studio.IsCut = false;
        Assert.Equal(place, await studio.PlaceAsync(1));
        await studio.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(studio.Past).ToHaveCountAsync(1);
        studio.IsCut = true;    // the service goes before the page does
    }
}
