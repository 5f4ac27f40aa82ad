using System.Collections;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Studio.Tests.Pages;

/// <summary>Walks through all that a request can say, and looks for it on the page.</summary>
[Collection(InBrowser.Name)]
public sealed class ControlsTests(StudioBrowser browser)
{
    // Why there is none.
    private static readonly Dictionary<string, string> Without = new()
    {
        ["layout.file"] = "a file that names others, and no path comes in over HTTP",
        ["subjects[0].residual"] = "learned, by an earlier name",
        ["subjects[0].lora"] = "learned, by an earlier name",
        ["subjects[0].embedding"] = "learned, by an earlier name",
    };

    [Fact]
    public async Task Each_field_of_a_request_has_its_control()
    {
        await using var studio = await browser.OpenAsync();
        var picture = Reference.FromFile(await studio.UploadAsync("tiger.png"));
        var full = new GenerationRequest
        {
            Prompt = "a {tiger}",
            Subjects = [new() { Phrase = "tiger", References = [picture], Place = new(.1, .2, .5, .9), Learned = [new("cast:tom")] }],
            References = [picture],
            Image = picture,
            Mask = picture,
            Controls = [new() { Model = "edges", Picture = picture }],
            Loras = [new("style")],
            Frame = new PictureFrame(new PixelSize(128, 128)),
            Layout = new() { Mode = LayoutMode.Auto },
        };

        var shown = new HashSet<string>();
        foreach (var method in (string[])["ms-diffusion", "easyref", "cones2"])
        {
            await studio.PutAsync(full with { Method = method });
            await studio.SeesAsync(studio.Cards, 1);
            await studio.Page.Locator(".card-face").ClickAsync();
            await studio.SeesAsync(studio.Page.Locator(".card-body"), 1);
            var fields = await studio.Page.Locator("[data-field]").EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.field)");
            shown.UnionWith(fields.SelectMany(field => field.Split(' ')));
        }

        Assert.Empty(Paths(typeof(GenerationRequest), "").Except(shown).Except(Without.Keys));
    }

    [Fact]
    public async Task What_the_engine_refuses_opens_the_fold_that_it_stands_in()
    {
        await using var studio = await browser.OpenAsync();

        await studio.PutAsync(new() { Prompt = "a beach", Guidance = 2000 });

        var problem = studio.Page.Locator(".field.wrong .problem");
        await Microsoft.Playwright.Assertions.Expect(problem).ToBeVisibleAsync();
        await Microsoft.Playwright.Assertions.Expect(problem).ToHaveTextAsync("2000 is not between 0 and 100.");
    }

    [Fact]
    public async Task A_seed_that_is_none_is_told_and_stays_to_be_mended()
    {
        await using var studio = await browser.OpenAsync();
        var seed = studio.Page.GetByLabel("Seed", new() { Exact = true });

        await seed.FillAsync("twelve");
        await seed.BlurAsync();
        await Microsoft.Playwright.Assertions.Expect(studio.Page.Locator("#field-seed-told")).ToContainTextAsync("“twelve” is no whole number");
        await seed.FillAsync("12");
        await seed.BlurAsync();
        await studio.SeesAsync(studio.Page.Locator("#field-seed-told"), 0);
        await studio.KeptAsync(request => request.TryGetProperty("seed", out var kept) && kept.GetUInt64() == 12);
        await seed.FillAsync("-1");
        await seed.BlurAsync();

        await studio.KeptAsync(request => !request.TryGetProperty("seed", out _));
        await Microsoft.Playwright.Assertions.Expect(seed).ToHaveValueAsync("");
    }

    private static IEnumerable<string> Paths(Type record, string before)
    {
        foreach (var field in RequestField.Of(record))
        {
            var path = before + field.Name;
            var isList = field.Type.IsGenericType && field.Type.IsAssignableTo(typeof(IEnumerable));
            var type = isList ? field.Type.GetGenericArguments()[0] : field.Type;
            foreach (var inner in IsRecord(type) ? Paths(type, isList ? $"{path}[0]." : $"{path}.") : [path])
            {
                yield return inner;
            }
        }
    }

    // Those whose fields are set one by one.
    private static bool IsRecord(Type type) =>
        type == typeof(Subject) || type == typeof(LayoutOptions) || type == typeof(Control) || type == typeof(Lora) || type == typeof(PictureFrame);
}
