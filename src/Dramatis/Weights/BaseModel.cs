using Dramatis.Configs;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Tokenizers;

namespace Dramatis.Weights;

/// <summary>A base model in memory: all that text-to-image needs.</summary>
/// <remarks>Networks are in single precision on the CPU. Not for several threads at once.</remarks>
public sealed class BaseModel : IDisposable
{
    private const string GenerationName = "generation_config.json";
    private const int UsualCells = 64;

    private readonly Lazy<string> fingerprint;

    private BaseModel(ModelFolder folder)
    {
        Folder = folder;
        Scheduler = ReadScheduler(folder);
        Tokenizer = ClipTokenizer.FromFolder(folder.PathOf("tokenizer"));
        TextEncoder = folder.LoadTextEncoder();
        Vae = folder.LoadVae();
        UNet = folder.LoadUNet();
        Defaults = ReadDefaults();
        fingerprint = new(() => folder.Part("unet").Fingerprint());
    }

    public ModelFolder Folder { get; }

    public UNet UNet { get; }

    public AutoencoderKL Vae { get; }

    public ClipTextEncoder TextEncoder { get; }

    public ClipTokenizer Tokenizer { get; }

    public SchedulerConfig Scheduler { get; }

    /// <summary>What the model chooses where a request says nothing.</summary>
    public GenerationDefaults Defaults { get; }

    /// <summary>Stands for the weights of the denoiser.</summary>
    public string Fingerprint => fingerprint.Value;

    /// <summary>Loads a model folder.</summary>
    /// <exception cref="Errors.ModelNotFoundException">The folder or a file of it is missing.</exception>
    /// <exception cref="Errors.InvalidConfigException">Settings are malformed or ask for what does not exist here.</exception>
    /// <exception cref="Errors.InvalidCheckpointException">Weights are damaged.</exception>
    /// <exception cref="Errors.WeightMismatchException">Weights are of another network.</exception>
    public static BaseModel Load(string folder) => new(ModelFolder.Open(folder));

    public void Dispose()
    {
        UNet.Dispose();
        Vae.Dispose();
        TextEncoder.Dispose();
    }

    private static SchedulerConfig ReadScheduler(ModelFolder folder)
    {
        var path = folder.PathOf("scheduler", "scheduler_config.json");
        return File.Exists(path)
            ? SchedulerConfig.Parse(File.ReadAllText(path), path)
            : throw new Errors.ModelNotFoundException(path, "this file of the model is missing; copy or download it again.");
    }

    private GenerationDefaults ReadDefaults()
    {
        var side = (UNet.Config.SampleSize ?? UsualCells) * Vae.Config.Factor;
        var usual = new GenerationDefaults
        {
            Size = new(side, side),
            Sampler = SamplerKinds.NameOf(Scheduler.Sampler ?? SamplerKind.DpmPlusPlus2M),
            Method = Folder.Adapters.Count > 0 ? Folder.Adapters[0] : null,
        };
        var path = Folder.PathOf(GenerationName);
        if (!File.Exists(path))
        {
            return usual;
        }

        var config = ConfigReader.Parse(File.ReadAllText(path), path);
        return usual with { Steps = config.Whole("steps", usual.Steps), Guidance = config.Number("guidance", usual.Guidance) };
    }
}
