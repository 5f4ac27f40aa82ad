using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

[Collection(InBrowser.Name)]
public sealed class QueueTests(StudioBrowser browser)
{
    [Fact]
    public async Task Several_jobs_wait_and_a_page_that_is_opened_again_finds_them()
    {
        await using var studio = await browser.OpenAsync();
        await studio.Prompt.FillAsync("a beach that takes its time");
        await studio.SetAsync("Sampling", "Steps", "900");
        await studio.KeptAsync(request => request.TryGetProperty("steps", out _));
        for (var job = 0; job < 3; job++)
        {
            await studio.PaintButton.ClickAsync();
            await studio.SeesAsync(studio.Page.Locator(".others li"), job);
        }

        // What runs is on the stage, though the page has asked for another since.
        await Expect(studio.Page.Locator(".progress-text")).ToContainTextAsync("of 900");
        await Expect(studio.Page.Locator(".others .hint").Last).ToHaveTextAsync(new Regex("^Waits, number [12] in line$"));

        await studio.Page.CloseAsync();
        await using var again = new StudioPage(await studio.Page.Context.NewPageAsync(), browser.Service);
        await again.GoAsync("/");

        await Expect(again.Page.Locator(".progress-text")).ToContainTextAsync("of 900");
        await studio.SeesAsync(again.Page.Locator(".others li"), 2);
        await again.GoAsync("/queue");
        var lines = again.Page.Locator(".jobs tbody tr", new() { HasText = "takes its time" });
        await studio.SeesAsync(lines, 3);
        await studio.SeesAsync(lines.Locator(".state", new() { HasText = "in line" }), 2);

        // The last goes before the other one, and all are called off.
        await lines.First.GetByLabel("Before the others").ClickAsync();
        await Expect(lines.First.Locator(".state")).ToHaveTextAsync("1 in line");
        while (await again.Page.GetByLabel("Cancel a beach that takes its time").CountAsync() is > 0 and var count)
        {
            await again.Page.GetByLabel("Cancel a beach that takes its time").First.ClickAsync();
            await studio.SeesAsync(again.Page.GetByLabel("Cancel a beach that takes its time"), count - 1);
        }

        await studio.SeesAsync(lines.Locator(".state.cancelled"), 3);
    }

    [Fact]
    public async Task A_picture_that_was_painted_without_a_page_is_on_the_stage_of_the_next_one()
    {
        await using var first = await browser.OpenAsync();
        await first.Prompt.FillAsync("a lake");
        await first.SetAsync("Sampling", "Steps", "250");
        await first.KeptAsync(request => request.TryGetProperty("steps", out _));
        await first.PaintButton.ClickAsync();
        await Expect(first.Page.Locator(".progress-text")).ToContainTextAsync("of 250");

        await first.ReloadAsync();

        await Expect(first.Page.Locator(".stage-svg image.picture")).ToHaveAttributeAsync("href", new Regex("/v1/pictures/"));
        await Expect(first.Tool("Vary")).ToBeVisibleAsync();
    }
}
