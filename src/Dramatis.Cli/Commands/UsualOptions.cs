using System.CommandLine;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class UsualOptions
{
    /// <summary>The folder of subjects that benches are drawn from.</summary>
    public static Option<string> Bank() => new("--data") { Description = "Subject bank.", DefaultValueFactory = _ => ShippedFolder.Find("bench", "toybox") };

    /// <param name="of">What is drawn with it.</param>
    public static Option<ulong> Seed(string of = "Of everything that is drawn.") => new("--seed") { Description = of, DefaultValueFactory = _ => 1 };

    /// <summary>What is computed on.</summary>
    public static Option<string> Device() => new("--device") { Description = "What to compute on: cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
}
