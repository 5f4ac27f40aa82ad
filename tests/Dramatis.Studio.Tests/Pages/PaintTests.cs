using Dramatis.Pictures;
using Dramatis.Requests;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

[Collection(InBrowser.Name)]
public sealed class PaintTests(StudioBrowser browser)
{
    private static readonly double[] Place = [.1, .2, .5, .9];

    [Fact]
    public async Task One_click_paints_the_sample_cast_on_the_empty_page()
    {
        await using var studio = await browser.OpenAsync();
        var before = (await browser.Service.GetAsync("/v1/pictures?limit=200")).List("items").Count;

        if (before == 0)
        {
            await studio.Tool("Paint the sample cast").ClickAsync();
        }
        else
        {
            await PaintTwoAsync(studio);
        }

        await studio.SeesAsync(studio.Past, before + 1);
        await studio.SeesAsync(studio.Actors, 2);
        await studio.SeesAsync(studio.Page.Locator(".prompt-mirror .chip"), 2);
    }

    [Fact]
    public async Task Pictures_fall_become_subjects_and_are_painted()
    {
        await using var studio = await browser.OpenAsync();

        await PaintTwoAsync(studio);

        await Expect(studio.Prompt).ToHaveValueAsync("a {tiger} and a {dog}");
        await Expect(studio.Page.Locator(".stage-svg image.picture")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("/v1/pictures/"));
        var place = await studio.PlaceAsync(0);
        Assert.InRange((place[0] + place[2]) / 2, .2, .4);
    }

    [Fact]
    public async Task Boxes_are_drawn_moved_resized_and_all_of_it_undone()
    {
        await using var studio = await browser.OpenAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        var first = await studio.PlaceAsync(0);

        await studio.DrawAsync((first[0] + first[2]) / 2, (first[1] + first[3]) / 2, .7, .6);
        var moved = await studio.PlaceAsync(0, place => place[0] > first[0] + .1);
        await studio.DrawAsync(moved[2], moved[3], moved[2] + .07, moved[3] + .06);
        var larger = await studio.PlaceAsync(0, place => place[2] > moved[2] + .03);
        await studio.DrawAsync(.02, .05, .2, .4);
        await studio.SeesAsync(studio.Actors, 2);
        for (var step = 0; step < 3; step++)
        {
            await studio.Tool("Undo (Ctrl+Z)").ClickAsync();
        }

        Assert.Equal(first[2] - first[0], moved[2] - moved[0], .002);
        Assert.Equal(moved[0], larger[0]);
        Assert.Equal(first, await studio.PlaceAsync(0, place => place.SequenceEqual(first)));
        await studio.SeesAsync(studio.Actors, 1);
    }

    [Fact]
    public async Task The_keyboard_alone_moves_doubles_locks_and_removes()
    {
        await using var studio = await browser.OpenAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        var first = await studio.PlaceAsync(0);

        await studio.Actors.First.FocusAsync();
        await studio.Page.Keyboard.PressAsync("ArrowRight");
        await studio.Page.Keyboard.PressAsync("Shift+ArrowUp");
        await studio.Page.Keyboard.PressAsync("Control+ArrowDown");
        var moved = await studio.PlaceAsync(0, place => place[3] - place[1] > first[3] - first[1]);
        await studio.Page.Keyboard.PressAsync("Control+d");
        await studio.SeesAsync(studio.Actors, 2);
        await Expect(studio.Actors.Nth(1)).ToBeFocusedAsync();
        await studio.Page.Keyboard.PressAsync("l");
        await Expect(studio.Actors.Nth(1)).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("locked"));
        await studio.Page.Keyboard.PressAsync("Delete");
        await studio.SeesAsync(studio.Actors, 1);
        await studio.Page.Keyboard.PressAsync("Control+z");
        await studio.SeesAsync(studio.Actors, 2);

        Assert.Equal(first[0] + .01, moved[0], .0011);
        Assert.Equal(first[1] - .05, moved[1], .0011);
    }

    [Fact]
    public async Task An_open_brace_offers_the_cast()
    {
        await using var studio = await browser.OpenAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);

        await studio.Prompt.FillAsync("in the rain stands a ");
        await studio.SeesAsync(studio.Page.Locator(".warning"), 1);
        await studio.Prompt.PressAsync("End");
        await studio.Prompt.PressSequentiallyAsync("{ti");
        await studio.SeesAsync(studio.Offers, 1);    // after the first letter there may be others
        await Expect(studio.Offers).ToHaveTextAsync("tiger");
        await studio.Prompt.PressAsync("Enter");

        await Expect(studio.Prompt).ToHaveValueAsync("in the rain stands a {tiger}");
        await studio.SeesAsync(studio.Page.Locator(".warning"), 0);
        await Expect(studio.Page.Locator(".prompt-mirror .chip")).ToHaveTextAsync("{tiger}");
    }

    [Fact]
    public async Task What_the_engine_refuses_stands_at_its_control()
    {
        await using var studio = await browser.OpenAsync();
        await studio.Prompt.FillAsync("a beach");

        await studio.SetAsync("Sampling", "Steps", "5000");

        await Expect(studio.Page.Locator(".field.wrong .problem")).ToHaveTextAsync("5000 is not between 1 and 1000.");
        await studio.SetAsync("Sampling", "Steps", "3");
        await studio.SeesAsync(studio.Page.Locator(".problem"), 0);
    }

    [Fact]
    public async Task A_page_that_is_closed_finds_its_stage_and_its_job_again()
    {
        await using var studio = await browser.OpenAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.SetAsync("Sampling", "Steps", "600");
        await studio.KeptAsync(request => request.TryGetProperty("steps", out _));
        await studio.Tool("Paint").And(studio.Page.Locator(".paint-button")).ClickAsync();
        await Expect(studio.Page.Locator(".progress-text")).ToContainTextAsync("of 600");

        await studio.ReloadAsync();

        await studio.SeesAsync(studio.Actors, 1);
        await Expect(studio.Prompt).ToHaveValueAsync("a {tiger}");
        await Expect(studio.Page.Locator(".progress-text")).ToContainTextAsync("of 600");
        await studio.Page.Locator(".progress-line button").ClickAsync();
        await studio.SeesAsync(studio.Page.Locator(".progress-line"), 0);
        var newest = (await browser.Service.GetAsync("/v1/jobs?limit=1")).List("items")[0];
        Assert.Equal("cancelled", newest.Text("state"));
    }

    [Fact]
    public async Task A_picture_of_Dramatis_brings_its_stage_back()
    {
        await using var studio = await browser.OpenAsync();
        var image = await browser.Service.PaintAsync(new { prompt = "a {dog} at sea", subjects = new[] { new { phrase = "dog", references = new[] { Inline("dog.png") }, place = Place } } });
        var request = image.GetProperty("request").GetRawText();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.json");
        await File.WriteAllTextAsync(file, request, TestContext.Current.CancellationToken);

        await studio.DropAsync(file, .5, .5);

        await Expect(studio.Prompt).ToHaveValueAsync("a {dog} at sea");
        var place = await studio.PlaceAsync(0);
        Assert.Equal(Place, place);
        File.Delete(file);
    }

    [Fact]
    public async Task The_saved_cast_is_offered_too_and_comes_onto_the_stage()
    {
        await using var studio = await browser.OpenAsync();
        var name = $"zoe{Guid.NewGuid():N}"[..10];
        await browser.Service.PostAsync("/v1/cast", new { name, phrase = $"cat {name}", pictures = new[] { Inline("dog.png") } });

        await studio.Prompt.PressSequentiallyAsync($"a {{{name[..8]}");
        await studio.SeesAsync(studio.Offers, 1);    // after the first letter there may be others
        await Expect(studio.Offers).ToContainTextAsync($"cat {name}");
        await studio.Prompt.PressAsync("Enter");

        await Expect(studio.Prompt).ToHaveValueAsync($"a {{cat {name}}}");
        await studio.SeesAsync(studio.Actors, 1);
        await Expect(studio.Page.Locator(".prompt-mirror .chip")).ToHaveTextAsync($"{{cat {name}}}");
        await studio.Tool("Undo (Ctrl+Z)").ClickAsync();    // one step, both of it
        await studio.SeesAsync(studio.Actors, 0);
    }

    [Fact]
    public async Task A_picture_with_its_record_brings_its_stage_back_wherever_it_falls()
    {
        await using var studio = await browser.OpenAsync();
        var dog = Reference.FromFile(await studio.UploadAsync("dog.png"));
        var request = new GenerationRequest
        {
            Prompt = "a {dog} at sea",
            Subjects = [new() { Phrase = "dog", References = [dog], Place = new(.1, .2, .5, .9), Strength = .5 }],
            Steps = 7,
            Seed = 3,
        };
        var record = new PictureRecord(request, ["the dog's digest"], "toybox");
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.png");
        await File.WriteAllBytesAsync(file, PictureWriter.EncodePng(Picture.Filled(8, 8, new(90, 120, 60)), record.ToText(null)), TestContext.Current.CancellationToken);

        await studio.DropAsync(file, -.2, .5);    // beside the stage

        await Expect(studio.Prompt).ToHaveValueAsync("a {dog} at sea");
        await studio.SeesAsync(studio.Actors, 1);
        var kept = await studio.KeptAsync(seen => seen.TryGetProperty("seed", out _));
        Assert.Equal(RequestJson.Write(request), RequestJson.Write(RequestJson.Parse(kept.GetRawText(), "") with { Model = null }));
        File.Delete(file);
    }

    [Fact]
    public async Task From_the_empty_page_to_a_picture_of_two_with_the_keyboard_alone()
    {
        await using var studio = await browser.OpenAsync();
        var past = await studio.Past.CountAsync();
        var chooser = studio.Page.WaitForFileChooserAsync();
        await studio.TabToAsync("Add pictures");
        await studio.Page.Keyboard.PressAsync("Enter");
        await (await chooser).SetFilesAsync([Path.Combine(Samples.Folder, "tiger.png"), Path.Combine(Samples.Folder, "dog.png")]);
        await studio.SeesAsync(studio.Actors, 2);
        await Expect(studio.Prompt).ToHaveValueAsync("a {tiger} and a {dog}");

        await studio.Prompt.FocusAsync();
        await studio.Page.Keyboard.PressAsync("Control+End");
        await studio.Page.Keyboard.TypeAsync(" in a park");
        await studio.Page.Keyboard.PressAsync("Control+Enter");

        await studio.SeesAsync(studio.Past, past + 1);
        await Expect(studio.Page.Locator(".prompt-mirror .chip")).ToHaveCountAsync(2);
        var (first, second) = (await studio.PlaceAsync(0), await studio.PlaceAsync(1));
        Assert.True(first[2] <= second[0], $"{string.Join(' ', first)} {string.Join(' ', second)}");    // beside each other
    }

    [Theory]
    [InlineData("notes.png", "not a picture")]
    [InlineData("order.json", "{ \"prompt\": 12 }")]
    [InlineData("empty.png", "")]
    public async Task What_is_no_picture_is_told_and_changes_nothing(string name, string text)
    {
        await using var studio = await browser.OpenAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        var folder = Directory.CreateTempSubdirectory("dramatis-drop-");
        var file = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        await studio.DropAsync(file, .7, .5);

        await Expect(studio.Page.Locator(".mud-snackbar")).ToBeVisibleAsync();
        await studio.SeesAsync(studio.Actors, 1);
        folder.Delete(recursive: true);
    }

    private static string Inline(string file) => $"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(Path.Combine(Samples.Folder, file)))}";

    private static async Task PaintTwoAsync(StudioPage studio)
    {
        var before = await studio.Past.CountAsync();
        await studio.DropAsync("tiger.png", .3, .5);
        await studio.SeesAsync(studio.Actors, 1);
        await studio.DropAsync("dog.png", .7, .5);
        await studio.SeesAsync(studio.Actors, 2);
        await studio.Page.Keyboard.PressAsync("Control+Enter");
        await studio.SeesAsync(studio.Past, before + 1);
    }
}
