using Dramatis.Requests;

namespace Dramatis.Server.Settings;

/// <summary>All that can be set about a service. Each is a flag of <c>dramatis serve</c>, a variable DRAMATIS_NAME, and a field of <c>dramatis.json</c>.</summary>
/// <remarks>The command line compiles this file too, for its flags: it must need nothing of the web.</remarks>
internal sealed record ServiceSettings
{
    /// <summary>The file of settings in the data folder.</summary>
    public const string FileName = "dramatis.json";

    /// <summary>What stands before a setting's name in the environment.</summary>
    public const string VariablePrefix = "DRAMATIS_";

    [Field("Addresses to listen on, with commas between them.", Most = 2000)]
    public string Urls { get; init; } = "http://127.0.0.1:7865";

    [Field("Names that it is asked by besides those of its addresses, with commas between them, for example paint.example.org.", Most = 2000)]
    public string? Hosts { get; init; }

    [Field("Addresses of proxies, or ranges as 10.0.0.0/8, with commas between them: what they say of whom they ask for is believed.", Most = 2000)]
    public string? TrustedProxy { get; init; }

    [Field("Folder of the database, of pictures and of dramatis.json; in the user's data folder when not given.")]
    public string? Data { get; init; }

    [Field("Connection to PostgreSQL, \"Host=…;Database=…;Username=…\", for jobs and for who belongs to the service; a file in the data folder when not given.")]
    public string? Database { get; init; }

    [Field("The IP address at which the service's other processes reach this one, where they share a database.", Most = 100)]
    public string Address { get; init; } = "127.0.0.1";

    [Field("A bucket for pictures and what was learned, https://HOST/BUCKET, of S3 or MinIO; the data folder alone when not given.", Most = 2000)]
    public string? S3 { get; init; }

    [Field("The name of the bucket's key.", Most = 2000)]
    public string? S3Key { get; init; }

    [Field("The secret of the bucket's key; better given as a variable than as a flag.", Most = 2000)]
    public string? S3Secret { get; init; }

    [Field("Folder in which 'dramatis models' keeps names; inside the data folder when not given.")]
    public string? Models { get; init; }

    [Field("What this process does: answer (api), paint (painter), or all with painters as its children.")]
    public ServiceRole Role { get; init; } = ServiceRole.All;

    [Field("How many painters to start as processes of their own.", Least = 0, Most = 64)]
    public int Painters { get; init; } = 1;

    [Field("The service that a painter joins, as HOST:PORT; with --role painter, where no database is shared.")]
    public string? Cluster { get; init; }

    [Field("What painters compute on: cpu, cuda or cuda:N.")]
    public string Device { get; init; } = "cpu";

    [Field("What painters compute in: fp32, fp16 or bf16.")]
    public string Precision { get; init; } = "fp32";

    [Field("A preview after so many steps each; 0 for none.", Least = 0, Most = RequestRules.MostSteps)]
    public int PreviewEvery { get; init; } = 4;

    [Field("How long a painter's process may be unheard of, in seconds, when it begins or later, before another takes its place.", Least = 1, Most = 3600)]
    public int PainterSeconds { get; init; } = 60;

    [Field("How often a job is begun before it fails.", Least = 1, Most = 100)]
    public int MaxAttempts { get; init; } = 3;

    [Field("How many jobs may wait.", Least = 1, Most = 1_000_000)]
    public int MaxQueue { get; init; } = 1000;

    [Field("How many jobs of one owner may wait.", Least = 1, Most = 1_000_000)]
    public int MaxQueuePerOwner { get; init; } = 200;

    [Field("The most work of one job: millions of pixels, times steps, times pictures.", Least = 1)]
    public double MaxWork { get; init; } = 4000;

    [Field("The longest prompt, in characters.", Least = 1, Most = RequestRules.LongestPrompt)]
    public int MaxPrompt { get; init; } = 4000;

    [Field("The largest upload, in MiB.", Least = 1, Most = 64)]
    public int MaxUploadMb { get; init; } = 20;

    [Field("The largest picture uploaded, in millions of pixels.", Least = 1, Most = 100)]
    public int MaxUploadMegapixels { get; init; } = 40;

    [Field("How long a job may run, in seconds.", Least = 1)]
    public int MaxSeconds { get; init; } = 3600;

    [Field("The most work of one training: millions of pixels, times steps, times pictures a step.", Least = 1)]
    public double MaxLearnWork { get; init; } = 40_000;

    [Field("How long a training may run, in seconds.", Least = 1)]
    public int MaxLearnSeconds { get; init; } = 86_400;

    [Field("How many days jobs and their pictures stay, but those that are kept; for ever when not given.", Above = 0)]
    public double? Keep { get; init; }

    [Field("How many gigabytes of pictures stay: the oldest jobs go first, but those that are kept; any number when not given.", Above = 0)]
    public double? KeepGb { get; init; }

    [Field("How long running pictures may go on when the service stops, in seconds.", Least = 0, Most = 3600)]
    public int Drain { get; init; } = 20;

    [Field("A collector of OpenTelemetry that traces and figures are sent to, as http://127.0.0.1:4318; nothing is sent when not given.", Most = 2000)]
    public string? Otlp { get; init; }

    [Field("Painters paint nothing: each job ends at once with a small plain picture. For trying out clients.")]
    public bool Rehearse { get; init; }
}

/// <summary>What a process of the service does.</summary>
internal enum ServiceRole
{
    /// <summary>Answers, and starts painters.</summary>
    All,

    /// <summary>Answers only.</summary>
    Api,

    /// <summary>Paints only.</summary>
    Painter,
}
