using System.CommandLine;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis merge WHAT</c>: one subcommand for each kind of learned files that can become one.</summary>
internal static class MergeCommand
{
    public static Command Create() => new(
        "merge",
        """
        Makes one of what was learned apart.

        Example: dramatis merge custom-diffusion runs/tom/model=cat runs/rex/model=dog --captions captions.txt -o both
        """)
    {
        new MergeCustomDiffusion().Create(),
    };
}
