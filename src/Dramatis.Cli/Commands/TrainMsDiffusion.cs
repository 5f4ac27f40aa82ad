using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Training.Adapters;
using Dramatis.Training.Records;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train ms-diffusion</c>.</summary>
internal sealed class TrainMsDiffusion
{
    private readonly TrainOptions options = new(
        usualPictures: 100_000, usualBatch: 8, usualRate: 1e-4, $"Folder with {RecordSet.FileName} and the pictures that it names.");

    private readonly TrainAdapterOptions shared;
    private readonly Option<string?> from = TrainOptions.From(ModelFolder.AdapterName(MsDiffusionMethod.Name));
    private readonly Option<int> locality = new("--locality")
    {
        Description = "Tokens along one side of a reference, each for its own cell of it; 0 is the published design.",
    };

    public TrainMsDiffusion() => shared = new(options);

    public Command Create()
    {
        var command = new GroupedCommand(
            MsDiffusionMethod.Name,
            """
            Trains an MS-Diffusion adapter for a model: resampler and image projections, on records of pictures, subjects and places.

            Example: dramatis train ms-diffusion --data ~/records --model models/toybox -o ~/runs/ms    # needs records
            """);
        shared.AddTo(command, [from], ("Adapter", [locality]));
        command.SetAction((parsed, cancellationToken) =>
        {
            shared.Run(parsed, Request(parsed), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private MsDiffusionRequest Request(ParseResult parsed) => new()
    {
        Model = shared.Model(parsed),
        Data = options.Data(parsed),
        Output = options.Output(parsed),
        From = parsed.GetValue(from),
        Locality = parsed.GetValue(locality),
    };
}
