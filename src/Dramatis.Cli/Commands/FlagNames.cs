using System.Text.RegularExpressions;
using Dramatis.Errors;

namespace Dramatis.Cli.Commands;

/// <summary>What fields of requests to learn and to prepare are called on the command line.</summary>
internal static partial class FlagNames
{
    /// <summary>Does something, and names the flag of a field that is at fault.</summary>
    public static void Named(Action work)
    {
        try
        {
            work();
        }
        catch (InvalidRequestException e) when (Of(e.Field) is { } flag)
        {
            throw new InvalidRequestException(flag, e.Problem);
        }
    }

    private static string? Of(string field) => field switch
    {
        "resolution" => "--size",
        "most_subjects" => "--max-subjects",
        "pairs" or "features" or "layers" or "kinds" or "localization" or "cache" or "weights"
            or "stage" or "from" or "rank" or "tokens" or "truncate" or "recompute" => $"--{field}",
        "localization_blocks" or "masked_share" or "drop_subjects" or "label_maps" or "reference_size" or "max_references" or "drop_text" => $"--{field.Replace('_', '-')}",
        "learning_rate" => "--rate",
        "output" => "--output",
        _ when field.EndsWith("].kind", StringComparison.Ordinal) => "--subject",
        _ => Inner().Match(field) is { Success: true } match ? $"--{match.Groups["name"].Value.Replace('_', '-')}" : null,
    };

    [GeneratedRegex(@"^(subjects\[\d+\]|settings)\.(?<name>\w+)")]
    private static partial Regex Inner();
}
