using Microsoft.JSInterop;

namespace Dramatis.Studio.Components.Shared;

/// <summary>The studio's module in the browser.</summary>
public sealed class StudioScript(IJSRuntime browser) : IAsyncDisposable
{
    private Task<IJSObjectReference>? module;

    private Task<IJSObjectReference> Module => module ??= browser.InvokeAsync<IJSObjectReference>("import", "./_content/Dramatis.Studio/stage.js").AsTask();

    public Task LoadAsync() => Module;

    public async Task<IJSObjectReference> AttachAsync(string what, params object?[] values) =>
        await (await Module).InvokeAsync<IJSObjectReference>($"attach{what}", values);

    public async Task CallAsync(string name, params object?[] values)
    {
        try
        {
            await (await Module).InvokeVoidAsync(name, values);
        }
        catch (JSDisconnectedException)
        {
            // nobody looks any more
        }
    }

    public async Task<T> AskAsync<T>(string name, params object?[] values) => await (await Module).InvokeAsync<T>(name, values);

    public async ValueTask DisposeAsync()
    {
        if (module is { IsCompletedSuccessfully: true })
        {
            try
            {
                await (await module).DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // gone with its page
            }
        }
    }
}
