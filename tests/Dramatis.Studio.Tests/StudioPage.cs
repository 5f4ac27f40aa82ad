using System.Diagnostics;
using System.Text.Json;
using Dramatis.Requests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dramatis.Studio.Tests;

/// <summary>A page of the studio in a browser, in the words of whoever sits before it. What the console says against it fails the test.</summary>
internal sealed class StudioPage : IAsyncDisposable
{
    private readonly List<string> faults = [];
    private readonly RunningService service;

    public StudioPage(IPage page, RunningService service)
    {
        (Page, this.service) = (page, service);
        page.Console += (_, line) =>
        {
            if (!IsCut && line.Type is "error" or "warning" && !line.Text.Contains("WebSocket", StringComparison.Ordinal))
            {
                faults.Add($"{line.Text} {line.Location}");
            }
        };
        page.PageError += (_, fault) => faults.Add(fault);
    }

    public IPage Page { get; }

    /// <summary>The service is away, by intent: then the browser may say so.</summary>
    public bool IsCut { get; set; }

    public IReadOnlyList<string> Faults => faults;

    public ILocator Actors => Page.Locator(".actor");

    public ILocator Cards => Page.Locator(".card");

    public ILocator Prompt => Page.GetByLabel("Prompt", new() { Exact = true });

    /// <summary>Whom the prompt offers behind an open brace.</summary>
    public ILocator Offers => Page.Locator("#prompt-names [role=option]");

    public ILocator Past => Page.Locator(".past-picture");

    public ILocator Tool(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    public ILocator PaintButton => Page.Locator(".paint-button");

    /// <summary>Writes the number of a field, in a fold that may be closed.</summary>
    public async Task SetAsync(string fold, string field, string number)
    {
        var box = Page.GetByLabel(field, new() { Exact = true });
        for (var watch = Stopwatch.StartNew(); !await box.IsVisibleAsync() && watch.Elapsed < StudioBrowser.Patience;)
        {
            // A page that is drawn anew under the hand closes what it has opened.
            await Page.Locator(".settings summary", new() { HasText = fold }).ClickAsync();
            await Task.Delay(500);
        }

        await box.FillAsync(number);
        await box.BlurAsync();
    }

    /// <summary>Puts a stage where the browser keeps it, and comes back to it.</summary>
    public async Task PutAsync(GenerationRequest request)
    {
        await Page.EvaluateAsync("request => localStorage.setItem('dramatis-stage', `{\"request\":${request}}`)", RequestJson.Write(request));
        await ReloadAsync();
    }

    /// <summary>The id of a sample, once it is kept.</summary>
    public async Task<string> UploadAsync(string file)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Samples.Folder, file)));
        body.Headers.ContentType = new("image/png");
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(new Uri(Page.Url), "/v1/blobs"), body);
        return JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).Text("id");
    }

    /// <summary>Goes to a page and waits until it listens.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ListenAsync();
    }

    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await ListenAsync();
    }

    /// <summary>Lets a picture of the samples fall on the stage.</summary>
    /// <param name="x">A fraction of the picture.</param>
    public async Task DropAsync(string file, double x, double y)
    {
        var bytes = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.IsPathRooted(file) ? file : Path.Combine(Samples.Folder, file)));
        await Page.Locator(".stage-svg").EvaluateAsync(
            """
            (svg, [base64, name, x, y]) => {
                const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
                const data = new DataTransfer();
                data.items.add(new File([bytes], name, { type: 'image/png' }));
                const place = svg.getBoundingClientRect();
                const at = { clientX: place.left + x * place.width, clientY: place.top + y * place.height, dataTransfer: data, bubbles: true, cancelable: true };
                svg.dispatchEvent(new DragEvent('dragover', at));
                svg.dispatchEvent(new DragEvent('drop', at));
            }
            """,
            new object[] { bytes, Path.GetFileName(file), x, y });
    }

    /// <summary>Chooses samples for a page that takes files.</summary>
    public Task ChooseAsync(params string[] files) =>
        Page.Locator("input[type=file][multiple]").SetInputFilesAsync(files.Select(file => Path.Combine(Samples.Folder, file)));

    /// <summary>Presses Tab until it has come to something.</summary>
    public async Task TabToAsync(string text)
    {
        for (var press = 0; press < 60; press++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if ((await Page.EvaluateAsync<string>("document.activeElement.innerText ?? ''")).Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new TimeoutException($"no key leads to {text}");
    }

    /// <summary>Draws with the mouse, from one point of the picture to another.</summary>
    public async Task DrawAsync(double fromX, double fromY, double toX, double toY)
    {
        var place = (await Page.Locator(".stage-svg").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync((float)(place.X + (fromX * place.Width)), (float)(place.Y + (fromY * place.Height)));
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync((float)(place.X + (toX * place.Width)), (float)(place.Y + (toY * place.Height)), new() { Steps = 6 });
        await Page.Mouse.UpAsync();
    }

    /// <summary>The stage as the browser keeps it, once something is true of it.</summary>
    public async Task<JsonElement> KeptAsync(Func<JsonElement, bool> holds)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < StudioBrowser.Patience; await Task.Delay(25))
        {
            if (await Page.EvaluateAsync<string?>("localStorage.getItem('dramatis-stage')") is { } text
                && JsonSerializer.Deserialize<JsonElement>(text).GetProperty("request") is var request && holds(request))
            {
                return request;
            }
        }

        throw new TimeoutException(await Page.EvaluateAsync<string?>("localStorage.getItem('dramatis-stage')"));
    }

    /// <summary>The place of a subject.</summary>
    public async Task<double[]> PlaceAsync(int subject, Func<double[], bool>? holds = null)
    {
        double[] place = [];
        await KeptAsync(request => request.TryGetProperty("subjects", out var subjects) && subjects.GetArrayLength() > subject
            && subjects[subject].TryGetProperty("place", out var box) && (holds ?? (_ => true))(place = [.. box.EnumerateArray().Select(side => side.GetDouble())]));
        return place;
    }

    public Task SeesAsync(ILocator locator, int count) => Expect(locator).ToHaveCountAsync(count);

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.True(faults.Count == 0, $"{string.Join("\n", faults)}\nthe service: {service.Log}");
    }

    // Pages listen once their scripts have been attached.
    private Task<IJSHandle> ListenAsync() => Page.WaitForFunctionAsync(
        """
        () => document.querySelector('.studio[data-live]')
            && (document.querySelector('.paint') ? ['stage', 'prompt', 'files'].every(part => document.body.dataset[part])
                : document.querySelector('.page') && (!document.querySelector('input[type=file][multiple]') || document.body.dataset.files))
        """);
}
