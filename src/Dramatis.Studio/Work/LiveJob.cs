using System.Diagnostics;
using System.Text.Json;
using Dramatis.Studio.Service;

namespace Dramatis.Studio.Work;

/// <summary>A job that waits or runs, as its events tell it.</summary>
public sealed class LiveJob(StudioJob job)
{
    private const int MostLosses = 400;

    private readonly Stopwatch steps = new();
    private readonly int doneBefore = (job.Progress.Picture * job.Progress.Steps) + job.Progress.Step;    // what is told of that is told at once
    private int stepsDone;
    private TimeSpan? toldLeft;

    public StudioJob Job { get; set; } = job;

    public JobProgress Progress { get; private set; } = job.Progress;

    public bool IsRunning { get; private set; } = job.State == "running";

    /// <summary>Its model is loaded.</summary>
    public bool IsReady { get; private set; } = job.Progress.Step > 0;

    /// <summary>The newest rough look, as an address for pictures; null before the first.</summary>
    public string? Preview { get; private set; }

    /// <summary>Of a training: its loss, averaged, at the newest steps.</summary>
    public IReadOnlyList<double> Loss { get; private set; } = [];

    /// <summary>What is not done to the letter.</summary>
    public IReadOnlyList<StudioError> Notices { get; private set; } = [];

    /// <summary>Of all its pictures, 0 to 1.</summary>
    public double Share => Total == 0 ? 0 : Math.Min(1, (double)Done / Total);

    /// <summary>As a training tells it, or by the pace so far; null before there is one.</summary>
    public TimeSpan? Left => toldLeft ?? (stepsDone < 2 || Total == 0 ? null : steps.Elapsed / (stepsDone - 1) * (Total - Done));

    private int Count => Job.Request?.Count ?? 1;

    private int Total => Progress.Steps * Count;

    private int Done => (Progress.Picture * Progress.Steps) + Progress.Step;

    /// <summary>Takes in what has happened.</summary>
    public void Take(JobNews news)
    {
        switch (news.Kind)
        {
            case "queued":
                (IsRunning, IsReady, Preview) = (false, false, null);
                break;
            case "started":
                IsRunning = true;
                break;
            case "model_ready":
                IsReady = true;
                break;
            case "step":
                TakeStep(news.Data);
                break;
            case "preview":
                Preview = $"data:image/png;base64,{news.Data.GetProperty("png").GetString()}";
                break;
            case "notice":
                Notices = [.. Notices, new(news.Data.GetProperty("field").GetString(), news.Data.GetProperty("text").GetString()!)];
                break;
        }
    }

    private void TakeStep(JsonElement data)
    {
        (IsRunning, IsReady) = (true, true);
        var picture = data.TryGetProperty("picture", out var number) ? number.GetInt32() : 0;    // a training has none
        Progress = new(picture, data.GetProperty("step").GetInt32(), data.GetProperty("steps").GetInt32());
        Loss = data.TryGetProperty("average_loss", out var loss) && loss.ValueKind == JsonValueKind.Number ? [.. Loss.TakeLast(MostLosses - 1), loss.GetDouble()] : Loss;
        toldLeft = data.TryGetProperty("seconds_left", out var left) && left.ValueKind == JsonValueKind.Number ? TimeSpan.FromSeconds(left.GetDouble()) : null;
        if (Done > doneBefore)
        {
            steps.Start();    // from the first step on: what came before was loading
            stepsDone++;
        }
    }
}
