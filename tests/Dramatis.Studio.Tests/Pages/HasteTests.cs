using Dramatis.Requests;
using Dramatis.TestKit;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

/// <summary>Hands that are quicker than what they see, and pages that are left in the middle of things.</summary>
[Collection(InBrowser.Name)]
public sealed class HasteTests(StudioBrowser browser)
{
    private static readonly string[] Away = ["/gallery", "/cast", "/queue", "/"];

    [Fact]
    public async Task What_is_done_to_a_subject_that_has_just_gone_is_nothing()
    {
        await using var studio = await browser.OpenAsync();
        Subject[] cast = [new() { Phrase = "tiger", Place = new(.1, .1, .4, .9) }, new() { Phrase = "dog", Place = new(.6, .1, .9, .9) }];
        await studio.PutAsync(new() { Prompt = "a {tiger} and a {dog}", Subjects = cast });    // none of them chosen
        await studio.SeesAsync(studio.Actors, 2);
        await studio.Cards.Last.Locator(".card-face").ClickAsync();
        await studio.SeesAsync(studio.Cards.Last.Locator(".card-body"), 1);

        // All of it before the page has heard of the first.
        await studio.Page.EvaluateAsync(
            """
            () => {
                const card = [...document.querySelectorAll('.card')].at(-1);
                const button = name => card.querySelector(`button[aria-label^="${name}"]`);
                const last = [button('Duplicate'), button('Further up'), button('Lock'), card.querySelector('.place .link')];
                button('Remove').click();
                for (const late of [button('Remove'), ...last]) late.click();
                const phrase = card.querySelector('.phrase');
                phrase.value = 'lamp';
                phrase.dispatchEvent(new Event('change', { bubbles: true }));
                const slider = card.querySelector('input[type=range]');
                slider.value = 2;
                slider.dispatchEvent(new Event('input', { bubbles: true }));
            }
            """);

        await studio.SeesAsync(studio.Actors, 1);
        await studio.KeptAsync(request => request.GetProperty("subjects").GetArrayLength() == 1 && request.GetProperty("subjects")[0].Text("phrase") == "tiger");
        await Expect(studio.Page.Locator(".fault")).ToHaveCountAsync(0);
        await studio.Tool("Undo (Ctrl+Z)").ClickAsync();
        await studio.SeesAsync(studio.Actors, 2);
    }

    [Fact]
    public async Task A_key_of_the_list_that_comes_after_it_has_closed_is_nothing()
    {
        await using var studio = await browser.OpenAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.Prompt.FillAsync("a ");
        await studio.Prompt.PressAsync("End");
        await studio.Prompt.PressSequentiallyAsync("{");
        await studio.SeesAsync(studio.Page.Locator("#prompt-names"), 1);

        await studio.Page.EvaluateAsync(
            "() => { const area = document.getElementById('prompt'); for (const key of ['Escape', 'ArrowDown', 'ArrowUp', 'Enter']) area.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); }");

        await studio.SeesAsync(studio.Page.Locator("#prompt-names"), 0);
        await Expect(studio.Prompt).ToHaveValueAsync("a {");
    }

    [Fact, Slow]
    public async Task Pages_that_are_left_in_the_middle_of_things_leave_no_fault()
    {
        Assert.SkipUnless(browser.IsThere, "there is no browser");
        await using var service = await (await RunningService.StartAsync(null, ("rehearse", "true"))).ReadyAsync();
        await using var studio = await browser.OpenAsync(service: service);
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.SetAsync("Sampling", "Steps", "900");
        await studio.KeptAsync(request => request.TryGetProperty("steps", out _));
        await studio.PaintButton.ClickAsync();
        await Expect(studio.Page.Locator(".progress-text")).ToContainTextAsync("of 900");

        for (var round = 0; round < 6; round++)
        {
            foreach (var path in Away)
            {
                await studio.Page.Locator($"nav a[href='{path}']").ClickAsync();
                await studio.Page.EvaluateAsync("() => document.getElementById('prompt')?.dispatchEvent(new Event('input'))");
            }

            await studio.Page.ReloadAsync(new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        }

        await studio.GoAsync("/");
        await studio.SeesAsync(studio.Actors, 1);
        Assert.DoesNotContain("nhandled exception", service.Log, StringComparison.Ordinal);
        await studio.Page.Locator(".progress-line button").ClickAsync();
        await studio.SeesAsync(studio.Page.Locator(".progress-line"), 0);
    }

    [Fact]
    public async Task A_mask_is_brushed_where_the_method_reads_one_and_taken_back()
    {
        await using var studio = await browser.OpenAsync();
        var picture = Reference.FromFile(await studio.UploadAsync("tiger.png"));
        GenerationRequest order = new() { Prompt = "a tiger", Subjects = [new() { Phrase = "tiger", References = [picture], Place = new(.1, .1, .6, .9) }] };
        await studio.PutAsync(order);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.Cards.First.Locator(".card-face").ClickAsync();
        await Expect(studio.Tool("Brush a mask: tiger is kept by a method that reads boxes alone")).ToBeDisabledAsync();

        await studio.PutAsync(order with { Method = "ip-adapter" });
        await studio.Cards.First.Locator(".card-face").ClickAsync();
        await studio.Tool("Brush a mask for tiger").ClickAsync();
        await Expect(studio.Page.Locator(".brush")).ToBeVisibleAsync();
        await studio.DrawAsync(.2, .3, .5, .6);

        await studio.KeptAsync(request => request.GetProperty("subjects")[0].GetProperty("place").ValueKind == System.Text.Json.JsonValueKind.Object);
        await studio.SeesAsync(studio.Actors, 0);    // a mask is no box
        await studio.Tool("Undo (Ctrl+Z)").ClickAsync();
        await studio.SeesAsync(studio.Actors, 1);
    }
}
