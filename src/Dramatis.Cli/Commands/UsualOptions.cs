using System.CommandLine;
using Dramatis.Cli.Host;
using Dramatis.Toybox;

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

    /// <summary>Pixels of the embedded model's scenes, plain or lit.</summary>
    /// <param name="larger">What is otherwise with lit ones.</param>
    public static Option<int> SceneSide(string larger)
    {
        var (plain, lit) = (SceneMaker.Side, SceneOptions.Lit.Side);
        var side = new Option<int>("--side") { Description = $"Pixels of a scene, {plain} or {lit}; {larger}", DefaultValueFactory = _ => plain };
        side.Require<int>(value => value == plain || value == lit, $"takes {plain} or {lit}");
        return side;
    }
}
