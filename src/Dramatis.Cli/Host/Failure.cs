using System.Runtime.InteropServices;
using Dramatis.Errors;
using Dramatis.Tensors;

namespace Dramatis.Cli.Host;

/// <summary>What ended a command: one line for the user, and the exit code.</summary>
/// <param name="Trace">Where it happened, for who mends the program; null where the user can mend it.</param>
/// <remarks>The service compiles this file too, and those that it needs.</remarks>
internal sealed record Failure(int Code, string Line, string? Trace = null)
{
    /// <summary>When set, what nobody foresaw also says where it happened.</summary>
    public const string Variable = "DRAMATIS_STACK";

    public static Failure Of(Exception error) => error switch
    {
        DramatisException => new(ExitCode.Failed, TerminalText.Error(error.Message)),
        OperationCanceledException => new(ExitCode.Cancelled, "cancelled"),
        TypeInitializationException { TypeName: var type } when type == typeof(TorchSharp.torch).FullName => new(
            ExitCode.Failed,
            $"error: no libtorch can be loaded; this build brings none, or a library that it needs is missing. Set {Libtorch.Variable} to the lib folder "
                + "of a PyTorch 2.10 or 2.11."),
        ExternalException when error.GetType() == typeof(ExternalException) => new(    // errors of sockets and databases are such too
            ExitCode.Failed,
            $"error: libtorch failed: {TerminalText.OneLine(error.Message.Split('\n')[0])} A training goes on from its last checkpoint with the same command.",
            error.ToString()),
        OutOfMemoryException => new(
            ExitCode.Failed, "error: the memory is used up; close other programs, or ask for a smaller size or fewer at once.", error.ToString()),
        IOException or UnauthorizedAccessException => new(
            ExitCode.Failed, $"{TerminalText.Error(error.Message)} Check the disk and who may read and write there.", error.ToString()),
        AggregateException { InnerException: { } first } => Of(first),
        _ => new(ExitCode.Failed, Unforeseen(error), error.ToString()),
    };

    /// <summary>Writes the line to standard error, and where it happened if that is asked for.</summary>
    public int Tell()
    {
        Console.Error.WriteLine(Line);
        if (Trace is not null && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
        {
            Console.Error.WriteLine(Trace);
        }

        return Code;
    }

    private static string Unforeseen(Exception error) =>
        $"{TerminalText.Error($"{error.GetType().Name}: {error.Message}")} This is a fault of Dramatis: please report it, with your command and what it shows "
            + $"when {Variable}=1 is set before it.";
}
