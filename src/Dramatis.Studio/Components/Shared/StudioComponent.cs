using Dramatis.Errors;
using Dramatis.Studio.Fields;
using Dramatis.Studio.Service;
using Dramatis.Studio.Work;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using MudBlazor;

namespace Dramatis.Studio.Components.Shared;

/// <summary>A piece of a page that shows itself again when something that it shows has changed.</summary>
public abstract class StudioComponent : ComponentBase, IDisposable
{
    private readonly List<IDisposable> listening = [];
    private readonly CancellationTokenSource leaving = new();

    [Inject]
    public StageDesk Desk { get; set; } = null!;

    [Inject]
    public JobBoard Board { get; set; } = null!;

    [Inject]
    public ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    public ILogger<StudioComponent> Log { get; set; } = null!;

    /// <summary>What it shows.</summary>
    protected virtual IEnumerable<Signal> Hears => [Desk.Changed];

    /// <summary>Nobody looks any more.</summary>
    protected CancellationToken Leaving => leaving.Token;

    protected override void OnInitialized() => listening.AddRange(Hears.Select(signal => signal.Listen(() => _ = InvokeAsync(Hear))));

    protected virtual void OnChanged() => StateHasChanged();

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
        catch (Exception e) when (e is OperationCanceledException or JSDisconnectedException or ObjectDisposedException)
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

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        listening.ForEach(listener => listener.Dispose());
        leaving.Cancel();
    }

    // What was under way when it went is not for it any more.
    private void Hear()
    {
        if (!leaving.IsCancellationRequested)
        {
            OnChanged();
        }
    }
}
