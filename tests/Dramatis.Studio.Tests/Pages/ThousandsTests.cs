using System.Diagnostics;
using Dramatis.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests.Pages;

[Collection(InBrowser.Name)]
[Slow]
public sealed class ThousandsTests(StudioBrowser browser)
{
    private const int Many = 3000;
    private const int MostNodes = 4000;

    [Fact]
    public async Task Thousands_of_pictures_are_looked_through_with_a_page_that_stays_small()
    {
        Assert.SkipUnless(browser.IsThere, "there is no browser");
        await using var service = await RunningService.StartAsync(null, ("rehearse", "true"));
        await service.PaintAsync(new { prompt = "a beach", steps = 1, size = Sizes.Small });
        Multiply(service.Data);

        await using var studio = await browser.OpenAsync("/gallery", service: service);
        var pictures = studio.Page.Locator(".gallery-picture");
        await Expect(pictures.First).ToBeVisibleAsync();
        var nodes = 0;
        foreach (var (part, seed) in new[] { (.5, Many / 2), (1, 1), (.25, Many * 3 / 4), (1, 1) })
        {
            await ScrollAsync(studio, part, Picture(seed));
            nodes = Math.Max(nodes, await NodesAsync(studio));
        }

        Assert.InRange(nodes, 1, MostNodes);

        // The oldest of all comes back with its stage, and with all that can be done with it.
        await Picture(1).ClickAsync();
        await Expect(studio.Prompt).ToHaveValueAsync("a beach");
        await Expect(studio.Page.GetByLabel("Seed", new() { Exact = true })).ToHaveValueAsync("1");
        await studio.Tool("Vary").ClickAsync();
        await Expect(studio.Past.First).ToHaveAttributeAsync("title", "a beach, seed 5");
        Assert.InRange(await studio.Past.CountAsync(), 1, 60);
        Assert.InRange(await NodesAsync(studio), 1, MostNodes);
        await studio.GoAsync("/queue");
        await Expect(studio.Page.Locator(".jobs tbody tr")).ToHaveCountAsync(60);
        await studio.Tool("Older ones").ClickAsync();
        await Expect(studio.Page.Locator(".jobs tbody tr")).ToHaveCountAsync(120);

        ILocator Picture(int seed) => studio.Page.GetByLabel($", seed {seed}: opens its stage");
    }

    // Again after a while, from the top: where rows turn out to be higher than they were taken for, a part of the page is elsewhere.
    private static async Task ScrollAsync(StudioPage studio, double part, ILocator wanted)
    {
        for (var watch = Stopwatch.StartNew(); await wanted.CountAsync() == 0 && watch.Elapsed < StudioBrowser.Patience;)
        {
            await studio.Page.EvaluateAsync("scrollTo(0, 0)");
            await Task.Delay(200, TestContext.Current.CancellationToken);
            await studio.Page.EvaluateAsync("part => scrollTo(0, part * document.documentElement.scrollHeight)", part);
            await wanted.WaitForAsync(new() { Timeout = 10_000 }).ContinueWith(_ => { }, TestContext.Current.CancellationToken);
        }

        await Expect(wanted).ToHaveCountAsync(1);
    }

    private static Task<int> NodesAsync(StudioPage studio) => studio.Page.EvaluateAsync<int>("document.getElementsByTagName('*').length");

    // The one job and its picture, again and again, each time with the next seed.
    private static void Multiply(string data)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(data, "service.db")};Pooling=false");
        database.Open();
        Copy(database, "jobs", ("id", "printf('00000000-0000-7000-8000-%012d', n)"), ("idempotency_key", "null"));
        Copy(
            database, "pictures", ("id", "printf('00000000-0000-7000-9000-%012d', n)"), ("job", "printf('00000000-0000-7000-8000-%012d', n)"), ("seed", "cast(n as text)"));
    }

    private static void Copy(SqliteConnection database, string table, params (string Column, string Value)[] others)
    {
        using var columns = database.CreateCommand();
        columns.CommandText = $"select name from pragma_table_info('{table}')";
        var names = new List<string>();
        using (var rows = columns.ExecuteReader())
        {
            while (rows.Read())
            {
                names.Add($"\"{rows.GetString(0)}\"");
            }
        }

        using var copy = database.CreateCommand();
        copy.CommandText = $"""
            with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {Many})
            insert into {table} ({string.Join(", ", names)})
            select {string.Join(", ", names.Select(name => others.FirstOrDefault(other => $"\"{other.Column}\"" == name) is { Value: { } value } ? value : name))}
            from {table}, numbers
            """;
        Assert.Equal(Many, copy.ExecuteNonQuery());
    }
}
