using Dramatis.Studio.Service;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Dramatis.Studio.Components.Shared;

/// <summary>A page that files fall onto, are pasted into, or are chosen for.</summary>
public abstract class DropPage : ScriptComponent
{
    /// <summary>The browser's own way to choose files.</summary>
    protected ElementReference Chooser { get; set; }

    [JSInvokable]
    public Task TakeFile(IJSStreamReference stream, string name, long size, double x, double y) => TellAsync(async () =>
    {
        ChosenFile.Check(name, size);
        await using var file = await stream.OpenReadStreamAsync(ChosenFile.Largest, Leaving);
        await TakeAsync(await ChosenFile.ReadAsync(file, size, Leaving), name, x, y);
    });

    /// <summary>A file with nothing in it.</summary>
    [JSInvokable]
    public void Miss(string name) => Refuse(new StudioError(null, $"{name} is empty."));

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await RestoreAsync();    // first what was there, then what is new: a picture that falls meanwhile would be gone
            await AttachAsync("Files", Chooser);
        }
    }

    /// <summary>Before any file is taken.</summary>
    protected virtual Task RestoreAsync() => Task.CompletedTask;

    /// <param name="x">Where on the stage it fell, as a fraction of the picture; below 0 for nowhere.</param>
    protected abstract Task TakeAsync(byte[] file, string name, double x, double y);

    protected Task ChooseAsync() => Script.CallAsync("open", Chooser);
}
