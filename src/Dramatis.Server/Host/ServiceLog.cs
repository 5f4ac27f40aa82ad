namespace Dramatis.Server.Host;

/// <summary>Where the log goes: to standard error, a JSON object a line. What the frameworks say in between is of no use to anyone.</summary>
internal static class ServiceLog
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(options => options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ");
        logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter((category, level) =>
            level >= LogLevel.Warning || (level >= LogLevel.Information && category?.StartsWith(nameof(Dramatis), StringComparison.Ordinal) == true));
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);    // that its seals lie in the database as they are
        logging.AddFilter("Orleans", LogLevel.Error);    // that a painter was killed is said by us
    }
}
