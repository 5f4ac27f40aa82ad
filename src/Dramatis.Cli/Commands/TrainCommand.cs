using System.CommandLine;
using Dramatis.Training.Learned;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train WHAT</c>: one subcommand for each thing that can be trained, each in a file of its own.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var command = new Command(
            "train",
            """
            Trains models and adapters, and learns subjects. A training that is stopped goes on when the same command is given again.

            Example: dramatis train vae --data ~/toybox-data -o ~/runs/vae
            """)
        {
            TrainVae.Create(),
            TrainClip.Create(),
            TrainBase.Create(),
            new TrainMsDiffusion().Create(),
            new TrainIpAdapter().Create(),
        };
        foreach (var method in LearnedMethods.All)
        {
            command.Add(new TrainLearned(method).Create());
        }

        return command;
    }
}
