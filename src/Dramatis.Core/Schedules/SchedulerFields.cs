using Dramatis.Configs;

namespace Dramatis.Schedules;

/// <summary>The fields of published <c>scheduler_config.json</c>. A file has those of its class and of others that it was made from.</summary>
internal static class SchedulerFields
{
    public const string Zero = "zero";
    public const string SigmaMin = "sigma_min";

    // What is said for one way of sampling by fields that others have too, or have and do not read.
    private static readonly (FixedField Field, SamplerKind[] Samplers)[] Own =
    [
        (new("skip_prk_steps", "true"), [SamplerKind.Pndm]),
        (new("solver_order", "1", "2"), [SamplerKind.DpmPlusPlus2M, SamplerKind.DpmPlusPlus2MSde, SamplerKind.UniPc]),

        // Names of the other class stand for the usual one of each.
        (new("solver_type", "midpoint", "logrho", "bh1", "bh2"), [SamplerKind.DpmPlusPlus2M, SamplerKind.DpmPlusPlus2MSde]),
        (new("solver_type", "bh2", "midpoint", "heun", "logrho"), [SamplerKind.UniPc]),
        (new("predict_x0", "true"), [SamplerKind.UniPc]),
        (new("disable_corrector"), [SamplerKind.UniPc]),
        (new("solver_p"), [SamplerKind.UniPc]),
        (new("lambda_min_clipped", "-Infinity", "-inf"), [SamplerKind.DpmPlusPlus2M, SamplerKind.DpmPlusPlus2MSde]),
        (new("variance_type", "fixed_small", "fixed_small_log"), [SamplerKind.Ddpm]),
        (new("variance_type"), [SamplerKind.DpmPlusPlus2M, SamplerKind.DpmPlusPlus2MSde]),
        (new("interpolation_type", "linear"), [SamplerKind.Euler]),
        (new("timestep_type", "discrete"), [SamplerKind.Euler]),
        (new("sigma_min"), [SamplerKind.Euler]),
        (new("sigma_max"), [SamplerKind.Euler]),
    ];

    /// <summary>Every field that is on some list, whatever the sampler.</summary>
    public static KnownFields All { get; } = new()
    {
        Read =
        [
            "algorithm_type", "beta_end", "beta_schedule", "beta_start", "euler_at_final", "final_sigmas_type", "lower_order_final", "num_train_timesteps",
            "original_inference_steps", "prediction_type", "rescale_betas_zero_snr", "set_alpha_to_one", "steps_offset", "timestep_scaling",
            "timestep_spacing", "use_karras_sigmas",
        ],
        Fixed =
        [
            new("clip_sample", "false"), new("final_sigmas_type", Zero, SigmaMin), new("thresholding", "false"), new("trained_betas"),
            new("use_beta_sigmas", "false"), new("use_dynamic_shifting", "false"), new("use_exponential_sigmas", "false"), new("use_flow_sigmas", "false"),
            new("use_lu_lambdas", "false"),
        ],
        Harmless =
        [
            // Of what is switched off.
            "clip_sample_range", "dynamic_thresholding_ratio", "sample_max_value", "flow_shift", "time_shift_type",
            .. Own.Select(item => item.Field.Name).Distinct(),
        ],
    };

    /// <summary>What a file of a sampler may say.</summary>
    /// <param name="sampler">Null for a class that does not exist here.</param>
    public static KnownFields Known(SamplerKind? sampler) => All with
    {
        Fixed = [.. All.Fixed, .. Own.Where(item => sampler is { } kind && item.Samplers.Contains(kind)).Select(item => item.Field)],
    };
}
