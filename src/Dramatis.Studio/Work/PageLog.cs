using Microsoft.Extensions.Logging;

namespace Dramatis.Studio.Work;

/// <summary>What pages have to say to whoever keeps the service.</summary>
internal static partial class PageLog
{
    [LoggerMessage(LogLevel.Warning, "a file did not arrive whole")]
    public static partial void Broken(ILogger log, Exception e);

    [LoggerMessage(LogLevel.Warning, "jobs cannot be looked at")]
    public static partial void Unseen(ILogger log, Exception e);
}
