using System.CommandLine;
using Dramatis.Training.Learned;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train WHAT</c>: one subcommand for each thing that can be trained, each in a file of its own; or an order file.</summary>
internal static class TrainCommand
{
    /// <param name="isCalled">Otherwise it is only listed, without what it trains.</param>
    public static Command Create(bool isCalled = true)
    {
        var command = new Command(
            "train",
            """
            Trains models and adapters, and learns subjects: by one of the commands below, or as an order file says (ORDER.json).
            A training that is stopped goes on when the same command is given again.

            Examples:
              dramatis train samples/orders/learn.json -o runs/toys
              dramatis train vae --data ~/toybox-data -o ~/runs/vae    # needs that data, and days
            """);
        Command[] trained = !isCalled ? [] :
        [
            TrainVae.Create(),
            TrainClip.Create(),
            TrainBase.Create(),
            TrainText.Create(),
            TrainPrior.Create(),
            TrainWords.Create(),
            TrainLanguageModel.Create(),
            new TrainMsDiffusion().Create(),
            new TrainIpAdapter().Create(),
            new TrainFastComposer().Create(),
            new TrainEasyRef().Create(),
            .. LearnedMethods.All.Select(method => new TrainLearned(method).Create()),
        ];
        Array.ForEach(trained, command.Add);
        new TrainOrder().AddTo(command);
        return command;
    }
}
