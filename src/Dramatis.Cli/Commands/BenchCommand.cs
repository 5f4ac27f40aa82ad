using System.CommandLine;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary>Opens a model as the bench's painter: one picture for each order.</summary>
internal delegate Func<IReadOnlyList<ToyboxOrder>, IReadOnlyList<Picture>> OpenPainter(
    ModelFolder model, BenchPainting painting, CancellationToken cancellationToken);

/// <summary>How the bench's orders are painted.</summary>
/// <param name="Method">What keeps subjects; the model's own when null, <see cref="NoMethod"/> for the text alone.</param>
internal sealed record BenchPainting(string? Method, LayoutOptions Layout, double Strength = 1)
{
    public const string NoMethod = "none";
}

/// <summary><c>dramatis bench</c>: how good a model is and how fast, in numbers that anyone can compute again.</summary>
internal static class BenchCommand
{
    public static Command Create(OpenPainter open) => new(
        "bench",
        """
        Measures a model.

        Example: dramatis bench speed --family sd15 --size 512x512 --steps 3
        """)
    {
        new BenchToybox(open).Create(),
        new BenchLearned().Create(),
        new BenchSpeed().Create(),
    };
}
