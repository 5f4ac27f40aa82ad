using Dramatis.Errors;
using Dramatis.Studio.Fields;
using Dramatis.Studio.Service;
using Dramatis.Studio.Work;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dramatis.Studio.Components.Shared;

/// <summary>A page that files fall onto, are pasted into, or are chosen for.</summary>
public abstract class DropPage : StudioComponent, IAsyncDisposable
{
    private const long LargestFile = 64 << 20;

    private readonly CancellationTokenSource leaving = new();
    private DotNetObjectReference<DropPage>? self;
    private IJSObjectReference? drops;

    [Inject]
    public StudioScript Script { get; set; } = null!;

    [Inject]
    public ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    public ILogger<DropPage> Log { get; set; } = null!;

    /// <summary>The browser's own way to choose files.</summary>
    protected ElementReference Chooser { get; set; }

    /// <summary>Nobody looks any more.</summary>
    protected CancellationToken Leaving => leaving.Token;

    /// <summary>Files are taken.</summary>
    protected bool IsListening => self is not null;

    [JSInvokable]
    public Task TakeFile(IJSStreamReference stream, string name, long size, double x, double y) => TellAsync(async () =>
    {
        Check(name, size);
        await using var file = await stream.OpenReadStreamAsync(LargestFile, Leaving);
        await TakeAsync(await ReadAsync(file, size), name, x, y);
    });

    /// <summary>A file with nothing in it.</summary>
    [JSInvokable]
    public void Miss(string name) => Refuse(new(null, $"{name} is empty."));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await leaving.CancelAsync();
        Dispose();
        if (drops is not null)
        {
            try
            {
                await drops.InvokeVoidAsync("dispose");
            }
            catch (JSDisconnectedException)
            {
                // gone with its page
            }
        }

        self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await RestoreAsync();    // first what was there, then what is new: a picture that falls meanwhile would be gone
            self = DotNetObjectReference.Create(this);
            drops = await Script.AttachAsync("Files", self, Chooser);
        }
    }

    /// <summary>Before any file is taken.</summary>
    protected virtual Task RestoreAsync() => Task.CompletedTask;

    /// <param name="x">Where on the stage it fell, as a fraction of the picture; below 0 for nowhere.</param>
    protected abstract Task TakeAsync(byte[] file, string name, double x, double y);

    protected Task ChooseAsync() => Script.CallAsync("open", Chooser);

    protected async Task<byte[]> ReadAsync(IBrowserFile file)
    {
        Check(file.Name, file.Size);
        await using var stream = file.OpenReadStream(LargestFile, Leaving);
        return await ReadAsync(stream, file.Size);
    }

    /// <summary>Does something, and says what went wrong with it.</summary>
    protected async Task TellAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (DramatisException e)
        {
            Refuse(StageDesk.ErrorOf(e));
        }
        catch (OperationCanceledException)
        {
            // nobody waits for it any more
        }
        catch (Exception e)
        {
            PageLog.Broken(Log, e);
            Snackbar.Add(e is IOException or TimeoutException or JSException ? "That did not arrive whole; try it again." : "That did not work; try it again.", Severity.Error);
        }
    }

    protected virtual void Refuse(StudioError error) =>
        Snackbar.Add(error.Field is { Length: > 0 } field ? $"{StageField.Words(field)}: {error.Text}" : error.Text, Severity.Error);

    private static void Check(string name, long size)
    {
        if (size > LargestFile)
        {
            throw new UnreadablePictureException(name, $"has {size >> 20} MB, more than the {LargestFile >> 20} that are taken; save it smaller.");
        }
    }

    private async Task<byte[]> ReadAsync(Stream stream, long size)
    {
        using var bytes = new MemoryStream((int)size);
        await stream.CopyToAsync(bytes, Leaving);
        return bytes.ToArray();
    }
}
