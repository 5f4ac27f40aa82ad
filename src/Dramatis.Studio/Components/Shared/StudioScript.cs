using Microsoft.JSInterop;

namespace Dramatis.Studio.Components.Shared;

/// <summary>The studio's module in the browser. A browser that is gone, or does not answer, is no fault of anybody's.</summary>
public sealed class StudioScript(IJSRuntime browser) : IAsyncDisposable
{
    private Task<IJSObjectReference>? module;

    private Task<IJSObjectReference> Module => module ??= browser.InvokeAsync<IJSObjectReference>("import", "./_content/Dramatis.Studio/stage.js").AsTask();

    public Task LoadAsync() => QuietlyAsync(() => Module);

    /// <summary>Begins a part of the module.</summary>
    /// <returns>Null where there is no browser any more.</returns>
    public async Task<IJSObjectReference?> AttachAsync(string what, params object?[] values)
    {
        IJSObjectReference? part = null;
        await QuietlyAsync(async () => part = await (await Module).InvokeAsync<IJSObjectReference>($"attach{what}", values));
        return part;
    }

    public Task CallAsync(string name, params object?[] values) => QuietlyAsync(async () => await (await Module).InvokeVoidAsync(name, values));

    /// <returns>Null, too, where there is no browser any more.</returns>
    public async Task<T?> AskAsync<T>(string name, params object?[] values)
    {
        T? answer = default;
        await QuietlyAsync(async () => answer = await (await Module).InvokeAsync<T>(name, values));
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (module is { IsCompletedSuccessfully: true })
        {
            await QuietlyAsync(async () => await (await module).DisposeAsync());
        }
    }

    /// <summary>Speaks with the browser, unless it has gone.</summary>
    public static async Task QuietlyAsync(Func<Task> talk)
    {
        try
        {
            await talk();
        }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // nobody looks any more
        }
    }
}
