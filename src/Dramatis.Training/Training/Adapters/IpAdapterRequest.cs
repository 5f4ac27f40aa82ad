using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.Clip;
using Dramatis.Toybox;
using Dramatis.Training.IpAdapter;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Training.Adapters;

/// <summary>Trains an IP-Adapter: projector and image projections, on records of pictures or on scenes of the embedded model.</summary>
public sealed record IpAdapterRequest : AdapterRequest
{
    /// <summary>Each subject's reference acts in its place. Otherwise each picture is its own reference and acts everywhere.</summary>
    public bool Regions { get; init; }

    /// <summary>Of a new adapter.</summary>
    public IpAdapterSizes Sizes { get; init; } = new();

    /// <summary>So many scenes of the subject bank are learned from, with regions, instead of records; 0: records.</summary>
    public int Scenes { get; init; }

    private protected override int ScenesWanted => Scenes;

    private protected override bool NeedsSubjects => Regions;

    // Records are learned as in the released scripts, scenes as the embedded model's other parts.
    private protected override TrainerOptions TrainerOf()
    {
        var recipe = new BaseRecipe();
        return Scenes > 0
            ? TrainerOf(TrainerOptions.WarmConstantLinear(recipe.WarmUpSteps, recipe.LastRate)) with { EmaDecay = recipe.EmaDecay }
            : TrainerOf(_ => 1) with { EmaDecay = 0, ClipNorm = double.PositiveInfinity };
    }

    private protected override ClipVisionEncoder LoadVision(ModelFolder folder) => ModelFolder.LoadImageEncoder(folder.EncoderFor(IpAdapterMethod.Name));

    private protected override (TrainingStage Stage, int Samples) StageOf(
        AdapterInputs inputs, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        var (model, vision) = (inputs.Model, inputs.Vision);
        var network = From is { } start ? IpAdapterStart.From(start, model, vision) : IpAdapterStart.New(model, vision.Config, Sizes);
        IIpSource source = Scenes > 0 ? FromScenes(inputs, network.Config, progress, cancellationToken) : FromRecords(inputs, network.Config);
        return (new IpStage(model, network, source, Recompute) { Stored = Stored }, Scenes > 0 ? Scenes : inputs.Records.Count);
    }

    private IpRecordSource FromRecords(AdapterInputs inputs, IpAdapterConfig adapter)
    {
        var (model, vision, records) = (inputs.Model, inputs.Vision, inputs.Records);
        var side = Side(model);
        return new(new()
        {
            Records = records,
            Model = model,
            Vision = vision,
            Adapter = adapter,
            Side = side,
            Seed = Seed,
            Regions = Regions,
            Cache = CacheOf(
                $"{model.Fingerprint} {model.Folder.EncoderFor(IpAdapterMethod.Name).Fingerprint()} {side} {adapter.Source} {adapter.Fit} {Regions}"),
        });
    }

    private IpSceneSource FromScenes(
        AdapterInputs inputs, IpAdapterConfig adapter, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        var model = inputs.Model;
        var bank = SubjectBank.Load(Data);
        var look = SceneOptions.ForModel(model.Folder.Path);
        var backgrounds = look.Grounds(Seed);
        var recipe = new PoolRecipe(Seed, Scenes, 0, model.Folder.Part(ModelNetwork.Vae).Fingerprint(), look.Side, look.Style);
        return new(new()
        {
            Bank = bank,
            Backgrounds = backgrounds,
            Pool = ScenePool.Open(Output, recipe, look, bank, backgrounds, model.Vae, progress, cancellationToken),
            Model = model,
            Vision = inputs.Vision,
            Adapter = adapter,
            Look = look,
            Seed = Seed,
        });
    }
}
