using System.Diagnostics;
using Dramatis.Requests;

namespace Dramatis.Studio.Tests.Pages;

/// <summary>How fast the page is, in figures that <c>bench/README.md</c> quotes. A machine at work is no mistake: the best of some tries counts, of more of them where it is busy.</summary>
[Collection(InBrowser.Name)]
public sealed class SpeedTests(StudioBrowser browser)
{
    private const int Tries = 5;
    private const int Moves = 90;
    private const double MostWork = 8;         // milliseconds: half of a sixtieth of a second
    private const double MostLayouts = 1.2;    // none is forced between two frames
    private const double MostUntilPaint = 1000;
    private const double MostUntilAnswer = 100;

    private static readonly string[] Work = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];

    [Fact]
    public async Task Twelve_subjects_leave_most_of_a_frame_free_while_one_is_dragged()
    {
        await using var studio = await browser.OpenAsync();
        await PutTwelveAsync(studio);
        var metrics = await studio.Page.Context.NewCDPSessionAsync(studio.Page);
        await metrics.SendAsync("Performance.enable");

        var best = new Frames(double.MaxValue, double.MaxValue, 0);
        for (var tries = new Attempts(Tries); tries.Next(best is { Work: < MostWork, Layouts: < MostLayouts });)
        {
            var seen = await DragAsync(studio, metrics);
            best = new(Math.Min(best.Work, seen.Work), Math.Min(best.Layouts, seen.Layouts), Math.Max(best.PerSecond, seen.PerSecond));
        }

        Tell($"dragging one of 12 subjects: {best.Work:0.00} ms of work a frame, {best.Layouts:0.00} layouts a frame, {best.PerSecond:0} frames/s");
        Assert.InRange(best.Work, 0, MostWork);
        Assert.InRange(best.Layouts, 0, MostLayouts);
        Assert.InRange((await studio.PlaceAsync(0))[0], 0, 1);
    }

    [Fact]
    public async Task A_page_is_painted_within_a_second()
    {
        await using var studio = await browser.OpenAsync();
        var paints = new List<double>();
        for (var tries = new Attempts(Tries); tries.Next(paints.Any(time => time < MostUntilPaint));)
        {
            await studio.ReloadAsync();
            paints.Add(await studio.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
        }

        Tell($"first contentful paint: {paints.Min():0} ms");
        Assert.InRange(paints.Min(), 0, MostUntilPaint);
    }

    [Fact]
    public async Task What_is_typed_and_clicked_is_answered_within_a_tenth_of_a_second()
    {
        await using var studio = await browser.OpenAsync();
        await PutTwelveAsync(studio);
        await studio.Prompt.FocusAsync();

        var typed = await BestAsync(studio, ".prompt-mirror", "document.execCommand('insertText', false, 'x')");
        var chosen = await BestAsync(studio, ".stage-svg", "document.querySelector('.card:not(.selected) .card-face').click()");

        Tell($"from a letter to its look in the prompt: {typed:0} ms; from a click to the handles of a box: {chosen:0} ms, with 12 subjects");
        Assert.InRange(typed, 0, MostUntilAnswer);
        Assert.InRange(chosen, 0, MostUntilAnswer);
    }

    // Until the frame after the service has answered.
    private static async Task<double> BestAsync(StudioPage studio, string changes, string act)
    {
        var times = new List<double>();
        for (var tries = new Attempts(Tries * 2); tries.Next(times.Any(time => time < MostUntilAnswer));)
        {
            times.Add(await studio.Page.EvaluateAsync<double>(
                $$"""
                () => new Promise(done => {
                    const start = performance.now();
                    new MutationObserver((_, watch) => { watch.disconnect(); requestAnimationFrame(() => done(performance.now() - start)); })
                        .observe(document.querySelector('{{changes}}'), { subtree: true, childList: true, characterData: true, attributes: true });
                    {{act}};
                })
                """));
            await Task.Delay(60, TestContext.Current.CancellationToken);
        }

        return times.Min();
    }

    private static async Task PutTwelveAsync(StudioPage studio)
    {
        var picture = Reference.FromFile(await studio.UploadAsync("tiger.png"));
        var subjects = Enumerable.Range(0, 12).Select(i => new Subject
        {
            Phrase = $"tiger {i}",
            References = [picture],
            Place = new(.04 + (i % 4 * .24), .05 + (i / 4 * .32), .22 + (i % 4 * .24), .3 + (i / 4 * .32)),
        });
        await studio.PutAsync(new() { Prompt = "twelve of them", Subjects = [.. subjects] });
        await studio.SeesAsync(studio.Actors, 12);
    }

    private static async Task<Frames> DragAsync(StudioPage studio, Microsoft.Playwright.ICDPSession metrics)
    {
        var stage = (await studio.Page.Locator(".stage-svg").BoundingBoxAsync())!;
        var box = (await studio.Actors.First.Locator(".box").BoundingBoxAsync())!;
        await studio.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await studio.Page.Mouse.DownAsync();
        await studio.Page.EvaluateAsync("() => { window.frames_ = 0; const next = () => { frames_++; window.going = requestAnimationFrame(next); }; next(); }");
        var before = await ReadAsync(metrics);
        for (var move = 1; move <= Moves; move++)
        {
            var turn = move * 2 * Math.PI / Moves;
            await studio.Page.Mouse.MoveAsync(
                (float)(stage.X + (stage.Width * (.5 - (.35 * Math.Cos(turn))))), (float)(stage.Y + (stage.Height * (.5 - (.35 * Math.Sin(turn))))));
        }

        var after = await ReadAsync(metrics);
        var frames = await studio.Page.EvaluateAsync<double>("() => { cancelAnimationFrame(going); return frames_; }");
        await studio.Page.Mouse.UpAsync();
        return new(
            1000 * Work.Sum(name => after[name] - before[name]) / frames,
            (after["LayoutCount"] - before["LayoutCount"]) / frames,
            frames / (after["Timestamp"] - before["Timestamp"]));
    }

    private static async Task<Dictionary<string, double>> ReadAsync(Microsoft.Playwright.ICDPSession metrics)
    {
        var answer = (await metrics.SendAsync("Performance.getMetrics"))!.Value;
        return answer.List("metrics").ToDictionary(item => item.Text("name"), item => item.GetProperty("value").GetDouble());
    }

    private static void Tell(string figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures);

    /// <param name="Work">Of the page's own thread, in milliseconds a frame.</param>
    private sealed record Frames(double Work, double Layouts, double PerSecond);

    /// <summary>Some tries, and more of them for a minute where none was good enough.</summary>
    private sealed class Attempts(int least)
    {
        private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

        private readonly Stopwatch watch = Stopwatch.StartNew();
        private int made;

        public bool Next(bool isGood) => made++ < least || (!isGood && watch.Elapsed < Most);
    }
}
