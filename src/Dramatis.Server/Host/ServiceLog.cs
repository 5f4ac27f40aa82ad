namespace Dramatis.Server.Host;

/// <summary>Where the log goes: to standard error, a JSON object a line. What the frameworks say in between is of no use to anyone.</summary>
internal sealed class ServiceLog
{
    private volatile bool hasStarted;

    /// <summary>From now on what the frameworks warn of is logged too.</summary>
    /// <remarks>A start that fails ends with an error of one line, which they would tell in pages.</remarks>
    public void Started() => hasStarted = true;

    public void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(options => options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
        logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter((category, level) => IsOurs(category) ? level >= LogLevel.Information : hasStarted && level >= LeastOf(category));
    }

    private static bool IsOurs(string? category) => category?.StartsWith(nameof(Dramatis), StringComparison.Ordinal) == true;

    private static LogLevel LeastOf(string? category) => category switch
    {
        not null when category.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) => LogLevel.Error,    // of seals
        not null when category.StartsWith("Orleans", StringComparison.Ordinal) => LogLevel.Error,    // we say who died
        _ => LogLevel.Warning,
    };
}
