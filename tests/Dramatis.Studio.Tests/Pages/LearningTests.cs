using Dramatis.TestKit;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

/// <summary>With the embedded model, which really learns and paints.</summary>
[Collection(InBrowser.Name)]
[Slow]
public sealed class LearningTests(StudioBrowser browser)
{
    private static readonly LocatorAssertionsToHaveCountOptions Patience = new() { Timeout = 240_000 };

    [Fact]
    public async Task A_subject_is_learned_painted_and_found_in_the_picture_again()
    {
        Assert.SkipUnless(browser.IsThere, "there is no browser");
        await using var service = await (await RunningService.StartAsync()).ReadyAsync();
        await using var studio = await browser.OpenAsync("/cast", service: service);
        await studio.ChooseAsync("tiger.png", "dog.png", "panda.png");
        await studio.SeesAsync(studio.Page.Locator(".new-member .thumb img"), 3);
        await studio.Page.GetByLabel("Name").FillAsync("tom");
        await studio.Page.GetByLabel("What it is").FillAsync("tiger");
        await studio.Tool("Save to the cast").ClickAsync();
        var card = studio.Page.Locator(".member");
        await card.Locator("select").SelectOptionAsync("textual-inversion");
        await card.GetByLabel("Steps").FillAsync("3");

        await card.GetByText("Learn", new() { Exact = true }).ClickAsync();

        await Expect(card.Locator(".can li")).ToHaveCountAsync(1, Patience);
        await Expect(card.Locator(".can li")).ToHaveTextAsync("textual-inversion · toybox");
        await card.GetByText("Onto the stage").ClickAsync();
        await Expect(studio.Prompt).ToHaveValueAsync("a {tom}");
        await studio.SetAsync("Sampling", "Steps", "2");
        await studio.KeptAsync(request => request.TryGetProperty("steps", out _));
        await studio.PaintButton.ClickAsync();
        await Expect(studio.Past).ToHaveCountAsync(1, Patience);

        // The picture says how it was painted: on an empty page its stage is there again.
        var painted = await studio.Page.Locator(".stage-svg image.picture").GetAttributeAsync("href");
        var file = Path.Combine(service.Data, "painted.png");
        await File.WriteAllBytesAsync(file, await service.Http.GetByteArrayAsync(painted, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        await using var other = await browser.OpenAsync(service: service);
        await other.DropAsync(file, .5, .5);
        await other.SeesAsync(other.Cards, 1);
        await other.PaintButton.ClickAsync();
        await Expect(other.Past).ToHaveCountAsync(2, Patience);
        var again = await other.Page.Locator(".stage-svg image.picture").GetAttributeAsync("href");
        Assert.NotEqual(painted, again);
        Assert.Equal(await PixelsAsync(service, painted!), await PixelsAsync(service, again!));
    }

    // To the bit.
    private static async Task<byte[]> PixelsAsync(RunningService service, string address) =>
        Pictures.PictureReader.Read(await service.Http.GetByteArrayAsync(address, TestContext.Current.CancellationToken), "painted").ToRgb();
}
