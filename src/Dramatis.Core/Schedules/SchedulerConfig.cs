using System.Diagnostics;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Schedules;

/// <summary>What the network was trained to say about a noisy input.</summary>
internal enum Prediction
{
    /// <summary>The noise ε (Ho et al., 2020).</summary>
    Epsilon,

    /// <summary>The velocity v = sqrt(ᾱ) ε - sqrt(1 - ᾱ) x0 (Salimans and Ho, 2022).</summary>
    Velocity,

    /// <summary>The clean latents x0.</summary>
    Sample,
}

/// <summary>How the timesteps of a short run are picked from those of training (Lin et al., 2024, table 2).</summary>
internal enum Spacing
{
    Leading,
    Trailing,
    Linspace,
}

/// <summary>The numbers of a model's <c>scheduler_config.json</c>: its noise levels and how to walk them.</summary>
internal sealed record SchedulerConfig
{
    /// <summary>The way of sampling that the file names, or null when it names one that does not exist here.</summary>
    public SamplerKind? Sampler { get; init; }

    /// <summary>The class that the file names, where <see cref="Sampler"/> is null.</summary>
    public string? UnknownSampler { get; init; }

    public int TrainTimesteps { get; init; } = 1000;

    public BetaCurve BetaCurve { get; init; } = BetaCurve.Linear;

    public double BetaStart { get; init; } = .0001;

    public double BetaEnd { get; init; } = .02;

    /// <summary>The last timestep of training is pure noise (Lin et al., 2024, algorithm 1).</summary>
    public bool ZeroTerminalSnr { get; init; }

    public Prediction Prediction { get; init; } = Prediction.Epsilon;

    /// <summary>Null: what is usual for the sampler.</summary>
    public Spacing? Spacing { get; init; }

    /// <summary>Added to all timesteps of leading spacing.</summary>
    public int StepsOffset { get; init; }

    /// <summary>DDIM and PNDM end without noise; otherwise at the lowest noise level of training.</summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>Noise levels of Karras et al. (2022), equation 5.</summary>
    public bool KarrasSigmas { get; init; }

    /// <summary>DPM++ ends at the lowest noise level of training instead of at 0.</summary>
    public bool FinalSigmaMin { get; init; }

    /// <summary>DPM++ takes its last step of a short run, fewer than 15, by the method of first order.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>DPM++ always takes its last step by the method of first order.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>1 or 2.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>DDIM: the share of the posterior's deviation that is drawn anew at each step, 0 to 1 (η); not in the file.</summary>
    public double Eta { get; init; }

    /// <summary>LCM: the timesteps that the model was distilled on.</summary>
    public int OriginalSteps { get; init; } = 50;

    /// <summary>LCM: what timesteps are multiplied with in the boundary condition.</summary>
    public double TimestepScaling { get; init; } = 10;

    /// <param name="path">Where the text comes from, for messages.</param>
    /// <exception cref="InvalidConfigException">A field is malformed or asks for what does not exist here.</exception>
    public static SchedulerConfig Parse(string json, string path = "scheduler_config.json")
    {
        var config = ConfigReader.Parse(json, path);
        RefuseContinuousLevels(config);
        SchedulerFields.Known(SamplerOf(config)).Check(config);
        var defaults = new SchedulerConfig();
        return new()
        {
            Sampler = SamplerOf(config),
            UnknownSampler = SamplerOf(config) is null ? config.Text("_class_name") : null,
            TrainTimesteps = config.Whole("num_train_timesteps", defaults.TrainTimesteps),
            BetaCurve = CurveOf(config),
            BetaStart = config.Number("beta_start", defaults.BetaStart),
            BetaEnd = config.Number("beta_end", defaults.BetaEnd),
            ZeroTerminalSnr = config.Bool("rescale_betas_zero_snr", false),
            Prediction = PredictionOf(config),
            Spacing = SpacingOf(config),
            StepsOffset = config.Whole("steps_offset", 0, least: 0),
            SetAlphaToOne = config.Bool("set_alpha_to_one", SamplerOf(config) != SamplerKind.Pndm),
            KarrasSigmas = config.Bool("use_karras_sigmas", false),
            FinalSigmaMin = config.Text("final_sigmas_type", SchedulerFields.Zero) == SchedulerFields.SigmaMin,
            LowerOrderFinal = config.Bool("lower_order_final", true),
            EulerAtFinal = config.Bool("euler_at_final", false),
            SolverOrder = config.Whole("solver_order", 2),
            OriginalSteps = config.Whole("original_inference_steps", defaults.OriginalSteps),
            TimestepScaling = config.Number("timestep_scaling", defaults.TimestepScaling),
        };
    }

    /// <summary>The text of a <c>scheduler_config.json</c> that <see cref="Parse"/> reads back, and diffusers too.</summary>
    public string ToJson() => ConfigWriter.Write(
        ("_class_name", SamplerKinds.ToDiffusers(Sampler ?? SamplerKind.Ddim)),
        ("algorithm_type", Sampler == SamplerKind.DpmPlusPlus2MSde ? "sde-dpmsolver++" : "dpmsolver++"),
        ("beta_end", BetaEnd),
        ("beta_schedule", BetaCurve switch
        {
            BetaCurve.ScaledLinear => "scaled_linear",
            BetaCurve.SquaredCosine => "squaredcos_cap_v2",
            BetaCurve.Linear => "linear",
            _ => throw new UnreachableException(),
        }),
        ("beta_start", BetaStart),
        ("clip_sample", false),
        ("num_train_timesteps", TrainTimesteps),
        ("prediction_type", PredictionNames.NameOf(Prediction)),
        ("rescale_betas_zero_snr", ZeroTerminalSnr),
        ("set_alpha_to_one", SetAlphaToOne),
        ("steps_offset", StepsOffset),
        ("timestep_spacing", (Spacing ?? Schedules.Spacing.Leading).ToString().ToLowerInvariant()),
        ("use_karras_sigmas", KarrasSigmas));

    // Their networks are told σ otherwise, and say x0 otherwise: any sampler here would paint noise.
    private static void RefuseContinuousLevels(ConfigReader config)
    {
        var name = config.Text("_class_name", "");
        var kind = name.StartsWith("EDM", StringComparison.Ordinal) || config.Has("sigma_data")
            ? "continuous noise levels (EDM, as Playground 2.5 and CosXL are)"
            : name.StartsWith("FlowMatch", StringComparison.Ordinal) ? "straight paths from noise (flow matching)"
            : null;
        if (kind is not null)
        {
            throw new InvalidConfigException(
                config.Path, $"\"_class_name\" is \"{name}\": this model was trained on {kind}, which is not supported. Give a model that was trained on "
                    + "steps of noise, as Stable Diffusion 1.x and 2.x and SDXL's base are.");
        }
    }

    // One class of the reference is several samplers.
    private static SamplerKind? SamplerOf(ConfigReader config)
    {
        var kind = SamplerKinds.OfDiffusers(config.Text("_class_name"));
        return kind != SamplerKind.DpmPlusPlus2M ? kind : config.Text("algorithm_type", "dpmsolver++") switch
        {
            "dpmsolver++" => SamplerKind.DpmPlusPlus2M,
            "sde-dpmsolver++" => SamplerKind.DpmPlusPlus2MSde,
            var other => throw config.Unsupported("algorithm_type", other, "dpmsolver++ or sde-dpmsolver++"),
        };
    }

    private static BetaCurve CurveOf(ConfigReader config) => config.Text("beta_schedule", "linear") switch
    {
        "linear" => BetaCurve.Linear,
        "scaled_linear" => BetaCurve.ScaledLinear,
        "squaredcos_cap_v2" => BetaCurve.SquaredCosine,
        var other => throw config.Unsupported("beta_schedule", other, "linear, scaled_linear or squaredcos_cap_v2"),
    };

    private static Prediction PredictionOf(ConfigReader config) => config.Text("prediction_type", "epsilon") switch
    {
        "epsilon" => Prediction.Epsilon,
        "v_prediction" => Prediction.Velocity,
        "sample" => Prediction.Sample,
        var other => throw config.Unsupported("prediction_type", other, "epsilon, v_prediction or sample"),
    };

    private static Spacing? SpacingOf(ConfigReader config) => config.Text("timestep_spacing", "") switch
    {
        "" => null,
        "leading" => Schedules.Spacing.Leading,
        "trailing" => Schedules.Spacing.Trailing,
        "linspace" => Schedules.Spacing.Linspace,
        var other => throw config.Unsupported("timestep_spacing", other, "leading, trailing or linspace"),
    };
}
