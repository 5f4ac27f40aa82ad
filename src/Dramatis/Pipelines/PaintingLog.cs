using Microsoft.Extensions.Logging;

namespace Dramatis.Pipelines;

/// <summary>What is said of paintings in a log. Prompts are not.</summary>
internal static partial class PaintingLog
{
    [LoggerMessage(1, LogLevel.Debug, "Model {Model} is ready after {Seconds:0.00} s.")]
    public static partial void Ready(this ILogger logger, string model, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Painted {Pictures} with {Model} in {Seconds:0.00} s.")]
    public static partial void Painted(this ILogger logger, int pictures, string model, double seconds);

    [LoggerMessage(3, LogLevel.Warning, "{Field}: {Text}")]
    public static partial void Noticed(this ILogger logger, string field, string text);

    [LoggerMessage(4, LogLevel.Information, "Cancelled after {Pictures} of {Count}.")]
    public static partial void Cancelled(this ILogger logger, int pictures, int count);

    [LoggerMessage(5, LogLevel.Warning, "Not painted: {Problem}")]
    public static partial void Refused(this ILogger logger, string problem);

    [LoggerMessage(6, LogLevel.Error, "Painting failed.")]
    public static partial void Failed(this ILogger logger, Exception error);
}
