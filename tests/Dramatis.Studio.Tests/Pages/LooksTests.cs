using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

[Collection(InBrowser.Name)]
public sealed class LooksTests(StudioBrowser browser)
{
    [Theory]
    [InlineData(true, 1440)]
    [InlineData(false, 1440)]
    [InlineData(false, 390)]
    public async Task No_page_leaves_anybody_out(bool isDark, int width)
    {
        await using var studio = await browser.OpenAsync(width: width, isDark: isDark);
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.Actors.First.ClickAsync();

        foreach (var path in (string[])["/", "/gallery", "/cast", "/models", "/queue", "/keys"])
        {
            await studio.GoAsync(path);
            var found = await studio.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            Assert.True(
                found.Violations.Length == 0,
                string.Join('\n', found.Violations.SelectMany(fault => fault.Nodes.Select(node => $"{path} {fault.Id}: {node.Html}"))));
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/gallery")]
    [InlineData("/cast")]
    [InlineData("/models")]
    [InlineData("/queue")]
    [InlineData("/keys")]
    public async Task A_telephone_shows_a_page_as_wide_as_it_is(string path)
    {
        await using var studio = await browser.OpenAsync(path, 390, 844);

        Assert.Equal(390, await studio.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    // As on a telephone before the first picture.
    [Fact]
    public async Task A_file_that_falls_on_a_stage_without_a_size_is_taken()
    {
        await using var studio = await browser.OpenAsync(width: 390);
        await studio.Page.AddStyleTagAsync(new() { Content = ".stage, .stage .stage-view { height: 0; min-height: 0; padding: 0 }" });

        await studio.DropAsync("tiger.png", .3, .5);

        await studio.SeesAsync(studio.Actors, 1);
    }

    [Fact]
    public async Task Saved_subjects_go_onto_the_stage()
    {
        await using var studio = await browser.OpenAsync("/cast");
        var name = $"tom {Guid.NewGuid():N}"[..12];
        await studio.ChooseAsync("tiger.png");
        await studio.SeesAsync(studio.Page.Locator(".new-member .thumb img"), 1);
        await studio.Page.GetByLabel("Name").FillAsync(name);
        await studio.Page.GetByLabel("What it is").FillAsync("tiger");
        await studio.Tool("Save to the cast").ClickAsync();
        var card = studio.Page.Locator(".member", new() { HasText = name });
        await Expect(card.Locator(".hint").Last).ToHaveTextAsync("Learning takes three pictures or more.");

        await card.GetByText("Onto the stage").ClickAsync();

        await studio.SeesAsync(studio.Actors, 1);
        await Expect(studio.Prompt).ToHaveValueAsync("a {tiger}");
    }

    [Fact]
    public async Task A_picture_is_varied_compared_and_copied()
    {
        await using var studio = await browser.OpenAsync();
        await studio.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var before = await studio.Past.CountAsync();
        await studio.Prompt.FillAsync("a beach at night");
        await studio.Page.Keyboard.PressAsync("Control+Enter");
        await studio.SeesAsync(studio.Past, before + 1);

        await studio.Tool("Vary").ClickAsync();
        await studio.SeesAsync(studio.Past, before + 5);
        await studio.Tool("Compare").ClickAsync();
        await studio.SeesAsync(studio.Page.Locator(".compare img"), 1);
        await studio.Page.Locator("summary", new() { HasText = "Copy" }).ClickAsync();
        await studio.Tool("Command line").ClickAsync();

        await Expect(studio.Page.GetByText("Copied.")).ToBeVisibleAsync();
        Assert.StartsWith("dramatis paint 'a beach at night'", await studio.Page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
    }
}
