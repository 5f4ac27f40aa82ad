using Dramatis.Studio.Work;
using Microsoft.AspNetCore.Components;

namespace Dramatis.Studio.Components.Shared;

/// <summary>A piece of a page that shows itself again when something that it shows has changed.</summary>
public abstract class StudioComponent : ComponentBase, IDisposable
{
    private readonly List<IDisposable> listening = [];

    [Inject]
    public StageDesk Desk { get; set; } = null!;

    [Inject]
    public JobBoard Board { get; set; } = null!;

    /// <summary>What it shows.</summary>
    protected virtual IEnumerable<Signal> Hears => [Desk.Changed];

    protected override void OnInitialized() => listening.AddRange(Hears.Select(signal => signal.Listen(() => _ = InvokeAsync(OnChanged))));

    protected virtual void OnChanged() => StateHasChanged();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing) => listening.ForEach(listener => listener.Dispose());
}
