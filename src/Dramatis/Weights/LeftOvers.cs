namespace Dramatis.Weights;

/// <summary>Tensors that published files hold and that nothing computes with, in whichever layout they are: one list, each with its reason.</summary>
internal static class LeftOvers
{
    private const string ScheduleSays = "noise levels, which the schedule computes";
    private const string Counted = "numbers that are counted up, not learned";
    private const string Loss = "weighs the loss of training, or judges it";
    private const string Mark = "a mark without a value: how the model was trained";

    private static readonly KeyMap Keys = new()
    {
        Ignored =
        [
            new("position_ids", Counted),
            new("*.position_ids", Counted),
            new("attn_mask", "hides later tokens; the same for every model"),
            new("*.attn_mask", "hides later tokens; the same for every model"),
            new("text_projection", "the text is taken before it is projected where the network has no such layer"),
            new("text_projection.weight", "the text is taken before it is projected where the network has no such layer"),
            new("logit_scale", ClipKeys.LogitScale),
            new("logit_bias", ClipKeys.LogitScale),
            new("*.logit_scale", ClipKeys.LogitScale),
            new("model_ema.*", "a running mean of the weights for training to go on with"),
            new("betas", ScheduleSays),
            new("alphas_cumprod*", ScheduleSays),
            new("alphas_cumprod", ScheduleSays),
            new("sqrt_*", ScheduleSays),
            new("log_one_minus_alphas_cumprod", ScheduleSays),
            new("posterior_*", ScheduleSays),
            new("denoiser.sigmas", ScheduleSays),
            new("denoiser.log_sigmas", ScheduleSays),
            new("lvlb_weights", Loss),
            new("logvar", Loss),
            new("loss.*", Loss),
            new("discriminator.*", Loss),
            new("scale_factor", "what latents are multiplied with, which the settings say"),
            new("global_step", "how long it was trained"),
            new("v_pred", Mark),
            new("ztsnr", Mark),
        ],
    };

    /// <summary>Whether a tensor that a network has no place for is no loss.</summary>
    public static bool Has(string key) => Keys.Lists(key);
}
