using System.Text.Json;

namespace Dramatis.Server.Storage;

/// <summary>Something to be told of a job: its kind, and JSON with what goes with it.</summary>
internal sealed record JobEvent(string Kind, string Data)
{
    public const string Queued = "queued";
    public const string Started = "started";
    public const string ModelReady = "model_ready";
    public const string Step = "step";
    public const string SubjectPlaced = "subject_placed";
    public const string SubjectCutOut = "subject_cut_out";
    public const string Preview = "preview";
    public const string Picture = "picture";
    public const string Notice = "notice";
    public const string TrainingStarted = "training_started";
    public const string PriorPicture = "prior_picture";
    public const string Evaluated = "evaluated";
    public const string Learned = "learned";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static JobEvent Of<T>(string kind, T data) => new(kind, JsonSerializer.Serialize(data, Json));

    /// <summary>How a job ended. The events of ends are called as the states are.</summary>
    public static JobEvent Ended(JobState state, JobError? error) =>
        error is null ? new(ServiceDb.NameOf(state), "{}") : Of(ServiceDb.NameOf(state), error);

    public static bool IsEnd(string kind) => kind is "done" or "failed" or "cancelled";
}

/// <summary>Why a job failed.</summary>
/// <param name="Field">The field of its request that is at fault, if one is.</param>
internal sealed record JobError(string Detail, string? Field = null);
