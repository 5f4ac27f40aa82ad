using System.CommandLine;
using Dramatis.Benches.Toybox;
using Dramatis.Pictures;
using Dramatis.Toybox;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary>Opens a model as the bench's painter: one picture for each order.</summary>
internal delegate Func<IReadOnlyList<ToyboxOrder>, IReadOnlyList<Picture>> OpenPainter(
    ModelFolder model, BenchPainting painting, CancellationToken cancellationToken);

/// <summary><c>dramatis bench</c>: how good a model is and how fast, in numbers that anyone can compute again.</summary>
internal static class BenchCommand
{
    /// <param name="isCalled">Otherwise it is only listed, without what it measures.</param>
    public static Command Create(OpenPainter open, bool isCalled = true)
    {
        var command = new Command(
            "bench",
            """
            Measures a model.

            Example: dramatis bench speed --family sd15 --size 512x512 --steps 3    # needs 6 GB of memory
            """);
        Command[] measured = !isCalled ? [] :
        [
            new BenchToybox(open).Create(), new BenchLearned().Create(), new BenchFastComposer().Create(), new BenchMrBench().Create(),
            new BenchSpeed().Create(), BenchVae.Create(), new BenchService().Create(),
        ];
        Array.ForEach(measured, command.Add);
        return command;
    }
}
