using System.CommandLine;
using Dramatis.Errors;
using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.Clip;
using Dramatis.Toybox;
using Dramatis.Training;
using Dramatis.Training.IpAdapter;
using Dramatis.Training.Records;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train ip-adapter</c>.</summary>
internal sealed class TrainIpAdapter
{
    private const string Name = "ip-adapter";
    private const string Linear = "linear";
    private const string Resampler = "resampler";

    private readonly TrainOptions options = new(
        usualPictures: 100_000,
        usualBatch: 8,
        usualRate: 1e-4,
        $"Folder with {RecordSet.FileName} and the pictures that it names; with --scenes that of the subject bank (dramatis toybox data).");

    private readonly TrainAdapterOptions shared;
    private readonly Option<string?> from = TrainOptions.From("adapters/ip-adapter");
    private readonly Option<bool> regions = new("--regions") { Description = "Each subject's reference acts in its place. Otherwise each picture is its own reference and acts everywhere." };
    private readonly Option<string> projector = new("--projector") { Description = $"What makes tokens of a reference: {Linear} (base adapters) or {Resampler} (plus adapters).", DefaultValueFactory = _ => Linear };
    private readonly Option<int?> tokens = new("--tokens") { Description = "Tokens a reference; 4 or 16, as the published adapters have, when not given." };
    private readonly Option<int?> width = new("--width") { Description = "Width of the resampler; the published one's, or the model's text width, when not given." };
    private readonly Option<int> depth = new("--depth") { Description = "Layers of the resampler.", DefaultValueFactory = _ => new IpAdapterSizes().Depth };
    private readonly Option<string> fit = new("--reference") { Description = "How a reference becomes a square: crop, squeeze or pad.", DefaultValueFactory = _ => "crop" };
    private readonly Option<int> scenes = new("--scenes") { Description = "Draw so many scenes of the subject bank and learn from these, with regions, instead of records; they are kept in the run's folder." };

    public TrainIpAdapter() => shared = new(options);

    public Command Create()
    {
        var command = new Command(
            Name,
            """
            Trains an IP-Adapter for a model: projector and image projections, on records of pictures or on scenes of the embedded model.

            Example: dramatis train ip-adapter --data ~/records --model models/toybox -o ~/runs/ip
            """)
        {
            from, regions, projector, tokens, width, depth, fit, scenes,
        };
        shared.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var sizes = Sizes(parsed);
        var withScenes = parsed.GetValue(scenes) > 0;
        var records = withScenes ? [] : shared.Records(parsed, needsSubjects: parsed.GetValue(regions));
        using var loaded = shared.Load(parsed);
        using var vision = ModelFolder.LoadImageEncoder(loaded.Folder.EncoderFor(Name));
        var network = parsed.GetValue(from) is { } start ? IpAdapterStart.From(start, loaded, vision) : IpAdapterStart.New(loaded, vision.Config, sizes);
        IIpSource source = withScenes
            ? Scenes(parsed, loaded, vision, network.Config, cancellationToken)
            : Records(parsed, loaded, vision, network.Config, records);
        using var stage = new IpStage(loaded, network, source, shared.Recompute(parsed)) { Stored = shared.Stored(parsed) };
        shared.Run(parsed, stage, Trainer(parsed, withScenes), loaded, vision, withScenes ? parsed.GetValue(scenes) : records.Count, cancellationToken);
    }

    // Records are learned as in the released scripts, scenes as the embedded model's other parts.
    private TrainerOptions Trainer(ParseResult parsed, bool withScenes)
    {
        var recipe = new BaseRecipe();
        return withScenes
            ? options.ForTrainer(parsed, TrainerOptions.WarmConstantLinear(recipe.WarmUpSteps, recipe.LastRate)) with { EmaDecay = recipe.EmaDecay }
            : options.ForTrainer(parsed, _ => 1) with { EmaDecay = 0, ClipNorm = double.PositiveInfinity };
    }

    private IpRecordSource Records(
        ParseResult parsed, BaseModel loaded, ClipVisionEncoder vision, IpAdapterConfig adapter, IReadOnlyList<TrainingRecord> records)
    {
        var side = shared.Side(parsed, loaded);
        var inPlaces = parsed.GetValue(regions);
        return new(new()
        {
            Records = records,
            Model = loaded,
            Vision = vision,
            Adapter = adapter,
            Side = side,
            Seed = options.Seed(parsed),
            Regions = inPlaces,
            Cache = shared.Cache(
                parsed, $"{loaded.Fingerprint} {loaded.Folder.EncoderFor(Name).Fingerprint()} {side} {adapter.Source} {adapter.Fit} {inPlaces}"),
        });
    }

    private IpSceneSource Scenes(ParseResult parsed, BaseModel loaded, ClipVisionEncoder vision, IpAdapterConfig adapter, CancellationToken cancellationToken)
    {
        var seed = options.Seed(parsed);
        var bank = SubjectBank.Load(options.Data(parsed));
        var backgrounds = new Backgrounds(seed);
        var recipe = new PoolRecipe(seed, parsed.GetValue(scenes), 0, loaded.Folder.Part(ModelNetwork.Vae).Fingerprint());
        return new(new()
        {
            Bank = bank,
            Backgrounds = backgrounds,
            Pool = ScenePool.Open(options.Output(parsed), recipe, bank, backgrounds, loaded.Vae, cancellationToken),
            Model = loaded,
            Vision = vision,
            Adapter = adapter,
            Seed = seed,
        });
    }

    private IpAdapterSizes Sizes(ParseResult parsed) => new()
    {
        Source = parsed.GetRequiredValue(projector) switch
        {
            Linear => TokenSource.Embedding,
            Resampler => TokenSource.Resampler,
            var other => throw new InvalidRequestException("--projector", $"\"{other}\" is unknown; there is {Linear}, {Resampler}."),
        },
        Tokens = parsed.GetValue(tokens),
        Width = parsed.GetValue(width),
        Depth = parsed.GetValue(depth),
        Fit = Enum.TryParse<ReferenceFit>(parsed.GetValue(fit), ignoreCase: true, out var way) && Enum.IsDefined(way)
            ? way
            : throw new InvalidRequestException("--reference", $"\"{parsed.GetValue(fit)}\" is unknown; there is crop, squeeze, pad."),
    };
}
