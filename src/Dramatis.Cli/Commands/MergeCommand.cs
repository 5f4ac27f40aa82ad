using System.CommandLine;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis merge WHAT</c>: one subcommand for each kind of learned files that can become one.</summary>
internal static class MergeCommand
{
    public static Command Create() => new(
        "merge",
        """
        Makes one of what was learned apart.

        Example: dramatis merge custom-diffusion runs/dog/model=dog runs/rose/model=rose --captions samples/learn/captions.txt -o runs/merged    # needs two trainings
        """)
    {
        new MergeCustomDiffusion().Create(),
    };
}
