using System.CommandLine;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train WHAT</c>: one subcommand for each thing that can be trained, each in a file of its own.</summary>
internal static class TrainCommand
{
    public static Command Create() => new(
        "train",
        """
        Trains models and adapters. A training that is stopped goes on when the same command is given again.

        Example: dramatis train vae --data ~/toybox-data -o ~/runs/vae
        """)
    {
        TrainVae.Create(),
        TrainClip.Create(),
        TrainBase.Create(),
        new TrainMsDiffusion().Create(),
        new TrainIpAdapter().Create(),
        new TrainLora().Create(),
        new TrainTextualInversion().Create(),
        new TrainDreamBooth().Create(),
        new TrainCustomDiffusion().Create(),
        TrainCones2.Create(),
        TrainCones.Create(),
    };
}
