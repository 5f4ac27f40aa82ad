using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Studio.Fields;
using Dramatis.Studio.Prompts;
using Dramatis.Studio.Service;
using Dramatis.Studio.Stages;

namespace Dramatis.Studio.Work;

/// <summary>The stage that somebody works on: changes, selection, and what the engine would refuse.</summary>
public sealed class StageDesk(StudioSession session, CastBook cast) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);    // nobody wants to hear of every letter

    private readonly StageHistory history = new();
    private CancellationTokenSource? checking;
    private PromptView? prompt;
    private FieldsShown? fields;
    private (string? Model, GenerationDefaults Value)? defaults;

    /// <summary>The stage, the selection or the problem has changed.</summary>
    public Signal Changed { get; } = new();

    public Stage Stage => history.Current;

    public bool CanUndo => history.CanUndo;

    public bool CanRedo => history.CanRedo;

    /// <summary>The actor that is worked on.</summary>
    public int? Selected { get; private set; }

    /// <summary>The first thing that the engine would refuse, or has refused.</summary>
    public StudioError? Problem { get; private set; }

    public PromptView Prompt => prompt ??= PromptView.Of(Stage);

    /// <summary>What the model chooses where the request says nothing.</summary>
    public GenerationDefaults Defaults
    {
        get
        {
            if (defaults is not { } known || known.Model != Stage.Order.Model)
            {
                defaults = (Stage.Order.Model, DefaultsOf(Stage.Order.Model));
            }

            return defaults!.Value.Value;
        }
    }

    /// <summary>Which fields are of use as the stage is.</summary>
    internal FieldsShown Fields => fields ??= new(Stage.Request, Defaults, subject => cast.MethodOf(subject, Stage.Order.Model));

    /// <summary>Of what is painted.</summary>
    public PixelSize Size => Stage.Order.Size ?? Defaults.Size;

    public double Ratio => (double)Size.Width / Size.Height;

    /// <inheritdoc cref="StageHistory.Apply"/>
    public void Apply(Func<Stage, Stage> change, string? what = null)
    {
        if (history.Apply(change(Stage), what))
        {
            Follow();
        }
    }

    /// <summary>Another stage in place of this one, which undo brings back.</summary>
    public void Open(Stage stage)
    {
        Apply(_ => stage);
        Select(null);
    }

    public void Undo()
    {
        if (history.Undo())
        {
            Follow();
        }
    }

    public void Redo()
    {
        if (history.Redo())
        {
            Follow();
        }
    }

    public void Select(int? actor)
    {
        var chosen = actor is { } index && Stage.Has(index) ? actor : null;
        if (chosen == Selected)
        {
            return;
        }

        Selected = chosen;
        Changed.Send();
    }

    /// <summary>The problem of a field or of what is in it; null where all is well.</summary>
    public string? ProblemOf(string field) => Problem is { Field: { } at } problem && (at == field || at.StartsWith($"{field}.", StringComparison.Ordinal)
        || at.StartsWith($"{field}[", StringComparison.Ordinal)) ? problem.Text : null;

    /// <summary>What a job was refused or failed for stands at its control until the stage changes.</summary>
    public void Tell(StudioError? problem)
    {
        Problem = problem;
        Changed.Send();
    }

    public void Dispose() => checking?.Cancel();

    /// <summary>What an error says, and of which field.</summary>
    public static StudioError ErrorOf(DramatisException e) => e switch
    {
        InvalidRequestException wrong => new(wrong.Field, wrong.Problem),
        UnreadablePictureException unreadable => new(null, unreadable.Message),
        _ when e.Message.Split(": ", 2) is [var field, var rest] && !field.Contains(' ', StringComparison.Ordinal) => new(field, rest),
        _ => new(null, e.Message),
    };

    private void Follow()
    {
        (prompt, fields) = (null, null);
        Selected = Selected < Stage.Actors.Count ? Selected : null;
        Changed.Send();
        _ = CheckAsync();
    }

    private async Task CheckAsync()
    {
        var own = new CancellationTokenSource();
        await (Interlocked.Exchange(ref checking, own)?.CancelAsync() ?? Task.CompletedTask);
        try
        {
            await Task.Delay(Pause, own.Token);
            var found = Stage.IsEmpty ? null : await FindProblemAsync(own.Token);
            if (!own.IsCancellationRequested && found != Problem)
            {
                Tell(found);
            }
        }
        catch (OperationCanceledException)
        {
            // there is a newer stage
        }
    }

    private async Task<StudioError?> FindProblemAsync(CancellationToken stop)
    {
        try
        {
            await session.Workshop.CheckAsync(Stage.Request, stop);
            return null;
        }
        catch (DramatisException e)
        {
            return ErrorOf(e);
        }
    }

    private GenerationDefaults DefaultsOf(string? model)
    {
        try
        {
            return session.Workshop.DefaultsOf(model);
        }
        catch (DramatisException)
        {
            return session.Workshop.DefaultsOf(null);    // that there is no such model is told at its control
        }
    }
}
