using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dramatis.Studio.Components.Shared;

/// <summary>A piece of a page that a part of the browser's script belongs to. Neither is told anything once one of them has gone.</summary>
public abstract class ScriptComponent : StudioComponent, IAsyncDisposable
{
    private DotNetObjectReference<ScriptComponent>? self;
    private IJSObjectReference? part;

    [Inject]
    public StudioScript Script { get; set; } = null!;

    /// <summary>The script tells it what happens.</summary>
    protected bool IsListening => self is not null;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Dispose();
        await LeaveAsync();
    }

    /// <summary>Begins a part of the script for an element.</summary>
    protected async Task AttachAsync(string what, ElementReference element)
    {
        self = DotNetObjectReference.Create(this);
        await WhileHereAsync(async () => part = await Script.AttachAsync(what, element, self));
        if (Leaving.IsCancellationRequested)
        {
            await LeaveAsync();    // it went while the script came
        }
    }

    /// <summary>Tells the script something, if it is there.</summary>
    protected Task CallAsync(string name, params object?[] values) =>
        part is { } here ? WhileHereAsync(() => StudioScript.QuietlyAsync(async () => await here.InvokeVoidAsync(name, values))) : Task.CompletedTask;

    // Once it has gone its element has too, and the script finds none.
    private async Task WhileHereAsync(Func<Task> talk)
    {
        try
        {
            await talk();
        }
        catch (JSException) when (Leaving.IsCancellationRequested)
        {
            // nobody waits for it any more
        }
    }

    private async Task LeaveAsync()
    {
        if (part is { } left)
        {
            part = null;
            await WhileHereAsync(() => StudioScript.QuietlyAsync(async () =>
            {
                await left.InvokeVoidAsync("dispose");
                await left.DisposeAsync();
            }));
            self?.Dispose();
        }
    }
}
