using Dramatis.Configs;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Weights;

/// <summary>What a model chooses where a request says nothing: by its networks, and by its own file of settings.</summary>
internal static class ModelDefaults
{
    /// <summary>The model's own file of settings.</summary>
    public const string GenerationName = "generation_config.json";

    private const int UsualCells = 64;

    /// <summary>Those of a model on disk; no weights are read.</summary>
    /// <exception cref="Errors.DramatisException">It is no model, or damaged.</exception>
    public static GenerationDefaults Of(string path, ModelLoading? loading = null)
    {
        var folder = ModelFolder.Open(path, loading);
        var (unet, vae) = (folder.Part(ModelNetwork.UNet), folder.Part(ModelNetwork.Vae));
        return Of(
            folder, UNetConfig.Parse(unet.ReadConfig(), unet.ConfigPath), VaeConfig.Parse(vae.ReadConfig(), vae.ConfigPath), folder.ReadScheduler());
    }

    public static GenerationDefaults Of(ModelFolder folder, UNetConfig unet, VaeConfig vae, SchedulerConfig scheduler)
    {
        var side = (unet.SampleSize ?? UsualCells) * vae.Factor;
        var usual = new GenerationDefaults
        {
            Size = new(side, side),
            Sampler = scheduler.Sampler is { } sampler ? SamplerKinds.NameOf(sampler) : null,
            Method = folder.Adapters.Count > 0 ? folder.Adapters[0] : null,
        };
        var path = folder.PathOf(GenerationName);
        if (!File.Exists(path))
        {
            return usual;
        }

        var config = ConfigReader.Load(path);
        return usual with
        {
            Steps = config.Whole("steps", usual.Steps),
            Guidance = config.Number("guidance", usual.Guidance),
            GuidanceRescale = config.Number("guidance_rescale", usual.GuidanceRescale),
            Method = config.Has("method") && folder.Loading.Adapters.Count == 0 ? config.Text("method") : usual.Method,
        };
    }
}
