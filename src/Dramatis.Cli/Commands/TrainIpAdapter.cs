using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;
using Dramatis.Training.Adapters;
using Dramatis.Training.IpAdapter;
using Dramatis.Training.Records;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train ip-adapter</c>.</summary>
internal sealed class TrainIpAdapter
{
    private const string Linear = "linear";
    private const string Resampler = "resampler";

    private readonly TrainOptions options = new(
        usualPictures: 100_000,
        usualBatch: 8,
        usualRate: 1e-4,
        $"Folder with {RecordSet.FileName} and the pictures that it names; with --scenes that of the subject bank (dramatis toybox data).");

    private readonly TrainAdapterOptions shared;
    private readonly Option<string?> from = TrainOptions.From(ModelFolder.AdapterName(IpAdapterMethod.Name));
    private readonly Option<bool> regions = new("--regions")
    {
        Description = "Each subject's reference acts in its place. Otherwise each picture is its own reference and acts everywhere.",
    };

    private readonly Option<string> projector = new("--projector")
    {
        Description = $"What makes tokens of a reference: {Linear} (base adapters) or {Resampler} (plus adapters).",
        DefaultValueFactory = _ => Linear,
    };

    private readonly Option<int?> tokens = new("--tokens") { Description = "Tokens a reference; 4 or 16, as the published adapters have, when not given." };
    private readonly Option<int?> width = new("--width")
    {
        Description = "Width of the resampler; the published one's, or the model's text width, when not given.",
    };
    private readonly Option<int> depth = new("--depth") { Description = "Layers of the resampler.", DefaultValueFactory = _ => new IpAdapterSizes().Depth };
    private readonly Option<string> fit = new("--reference")
    {
        Description = "How a reference becomes a square: crop, squeeze or pad.",
        DefaultValueFactory = _ => "crop",
    };
    private readonly Option<int> scenes = new("--scenes")
    {
        Description = "Draw so many scenes of the subject bank and learn from these, with regions, instead of records; they are kept in the run's folder.",
    };

    public TrainIpAdapter() => shared = new(options);

    public Command Create()
    {
        var command = new GroupedCommand(
            IpAdapterMethod.Name,
            """
            Trains an IP-Adapter for a model: projector and image projections, on records of pictures or on scenes of the embedded model.

            Example: dramatis train ip-adapter --data ~/records --model models/toybox -o ~/runs/ip    # needs records
            """);
        shared.AddTo(command, [from, scenes], ("Adapter", [regions, projector, tokens, width, depth, fit]));
        command.SetAction((parsed, cancellationToken) =>
        {
            shared.Run(parsed, Request(parsed), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private IpAdapterRequest Request(ParseResult parsed) => new()
    {
        Model = shared.Model(parsed),
        Data = options.Data(parsed),
        Output = options.Output(parsed),
        From = parsed.GetValue(from),
        Regions = parsed.GetValue(regions),
        Sizes = Sizes(parsed),
        Scenes = parsed.GetValue(scenes),
    };

    private IpAdapterSizes Sizes(ParseResult parsed) => new()
    {
        Source = parsed.GetRequiredValue(projector) switch
        {
            Linear => TokenSource.Embedding,
            Resampler => TokenSource.Resampler,
            var other => throw InvalidRequestException.Unknown("--projector", other, [Linear, Resampler]),
        },
        Tokens = parsed.GetValue(tokens),
        Width = parsed.GetValue(width),
        Depth = parsed.GetValue(depth),
        Fit = Enum.TryParse<ReferenceFit>(parsed.GetValue(fit), ignoreCase: true, out var way) && Enum.IsDefined(way)
            ? way
            : throw InvalidRequestException.Unknown("--reference", parsed.GetValue(fit), ["crop", "squeeze", "pad"]),
    };
}
