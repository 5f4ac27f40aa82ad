namespace Dramatis.Cli.Host;

/// <summary>What the process tells its caller when not all is done.</summary>
internal static class ExitCode
{
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Cancelled = 130;
}
