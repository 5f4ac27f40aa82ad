using System.CommandLine;
using Dramatis.Checkpoints;

namespace Dramatis.Cli.Commands;

/// <summary><c>--store</c>: the type of the numbers in a file that is written.</summary>
internal static class StoreOption
{
    private static readonly TensorType[] Types = [TensorType.F32, TensorType.F16, TensorType.BF16];

    private static readonly string[] Names = [.. Types.Select(type => type.ToString().ToLowerInvariant())];

    /// <param name="otherwise">What is done when it is not given, in words.</param>
    public static Option<string?> Create(string otherwise)
    {
        var option = new Option<string?>("--store")
        {
            Description = $"How numbers are stored: {string.Join(", ", Names[..^1])} or {Names[^1]}; {otherwise} when not given.",
        };
        option.AcceptOnlyFromAmong(Names);
        return option;
    }

    public static TensorType? Read(string? name) => name is null ? null : Types[Array.IndexOf(Names, name)];
}
