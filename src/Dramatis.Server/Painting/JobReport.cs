using System.Threading.Channels;
using Dramatis.Requests;
using Dramatis.Server.Storage;
using Dramatis.Training;

namespace Dramatis.Server.Painting;

/// <summary>Writes what happens to a job into the database beside the painting, all that has gathered in one transaction.</summary>
internal sealed class JobReport : IAsyncDisposable
{
    private readonly Channel<(JobEvent Event, Progress Progress, PictureRow? Picture)> gathered =
        Channel.CreateUnbounded<(JobEvent, Progress, PictureRow?)>(new() { SingleReader = true });

    private readonly Task writing;
    private Progress progress;

    public JobReport(JobRow job, JobStore jobs, PainterMind mind, Assignment assignment)
    {
        progress = new(0, 0, job.Steps);
        writing = WriteAsync(job, jobs, mind, assignment);
    }

    public void Add(GenerationEvent item)
    {
        progress = item is StepDone step ? new(step.Picture, step.Step, step.Count) : progress;
        Add(ToEvent(item), null);
    }

    public void Add(TrainingEvent item, PictureRow? sheet = null)
    {
        progress = new(0, (int)item.Step, (int)item.Steps);
        if (TrainingEvents.Of(item, sheet) is { } told)
        {
            Add(told, sheet);
        }
    }

    public void Add(JobEvent item) => Add(item, null);

    public void Add(PictureRow picture) => Add(
        JobEvent.Of(JobEvent.Picture, new
        {
            picture = picture.Number,
            id = picture.Id,
            seed = ulong.Parse(picture.Seed, System.Globalization.CultureInfo.InvariantCulture),
            width = picture.Width,
            height = picture.Height,
        }),
        picture);

    /// <summary>Waits until all is written. Nothing may be added after it.</summary>
    public Task FlushAsync()
    {
        gathered.Writer.TryComplete();
        return writing;
    }

    public async ValueTask DisposeAsync() => await FlushAsync();

    private void Add(JobEvent item, PictureRow? picture) => gathered.Writer.TryWrite((item, progress, picture));

    private async Task WriteAsync(JobRow job, JobStore jobs, PainterMind mind, Assignment assignment)
    {
        var (events, pictures) = (new List<JobEvent>(), new List<PictureRow>());
        while (await gathered.Reader.WaitToReadAsync())
        {
            var reached = default(Progress);
            while (gathered.Reader.TryRead(out var item))
            {
                reached = item.Progress;
                events.RemoveAll(older => older.Kind == JobEvent.Preview && item.Event.Kind == JobEvent.Preview);
                events.Add(item.Event);
                pictures.AddRange(item.Picture is { } picture ? [picture] : []);
            }

            if (!await jobs.TellAsync(job.Id, assignment.Lease, reached, events, pictures))
            {
                assignment.Stop(JobState.Cancelled);    // the lease is another's: whatever this ends as is not written
            }

            await mind.TellAsync(job.Id);
            events.Clear();
            pictures.Clear();
        }
    }

    // No path of this machine is told: a model by its weights.
    private static JobEvent ToEvent(GenerationEvent item) => item switch
    {
        ModelReady ready => JobEvent.Of(JobEvent.ModelReady, new { fingerprint = ready.Fingerprint, seconds = ready.Seconds }),
        StepDone step => JobEvent.Of(JobEvent.Step, new { picture = step.Picture, step = step.Step, steps = step.Count }),
        SubjectPlaced placed => JobEvent.Of(JobEvent.SubjectPlaced, new
        {
            picture = placed.Picture,
            subject = placed.Subject,
            phrase = placed.Phrase,
            place = new[] { placed.Place.Left, placed.Place.Top, placed.Place.Right, placed.Place.Bottom },
        }),
        SubjectCutOut cut => JobEvent.Of(JobEvent.SubjectCutOut, new
        {
            subject = cut.Subject,
            reference = cut.Reference,
            phrase = cut.Phrase,
            mode = CutOutModes.NameOf(cut.Mode),
        }),
        Preview look => JobEvent.Of(JobEvent.Preview, new { picture = look.Picture, step = look.Step, png = Convert.ToBase64String(look.Png) }),
        Notice notice => JobEvent.Of(JobEvent.Notice, new { field = notice.Field, text = notice.Text }),
        _ => JobEvent.Of(JobEvent.Notice, new { field = "", text = item.ToString() }),
    };
}
