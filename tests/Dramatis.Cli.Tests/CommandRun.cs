using System.Diagnostics.CodeAnalysis;

namespace Dramatis.Cli.Tests;

/// <summary>Runs a command in this process and keeps what it writes. Classes that do are one collection: the console belongs to one test at a time.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The writers live as long as the console uses them.")]
internal static class CommandRun
{
    public const string Collection = "console";

    public static Task<(int Code, string Output, string Error)> Of(params string[] args) => Of(TestContext.Current.CancellationToken, args);

    public static Task<(int Code, string Output, string Error)> Of(CancellationToken cancellationToken, params string[] args) =>
        Of(() => CommandLine.RunAsync(args, cancellationToken));

    /// <summary>Of what is run in a way of its own.</summary>
    public static async Task<(int Code, string Output, string Error)> Of(Func<Task<int>> run)
    {
        var (output, error) = (Console.Out, Console.Error);
        using StringWriter written = new(), complaints = new();
        Console.SetOut(written);
        Console.SetError(complaints);
        try
        {
            return (await run(), written.ToString(), complaints.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
