using System.Text.Json.Nodes;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Networks.Clip;
using Dramatis.Networks.ControlNet;
using Dramatis.Networks.Dino;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Networks.UNet;
using Dramatis.Networks.Vae;
using Dramatis.Schedules;
using Dramatis.Tests.Verification;
using Dramatis.Tokenizers;
using Dramatis.Weights;

namespace Dramatis.Tests.Weights;

/// <summary>The fields that published settings have, against the lists of what is read, fixed and harmless.</summary>
public sealed class KnownFieldsTests
{
    // All parameters of the reference's classes, and what else stands in the files of SD 1.5, 2.1, SDXL, their turbo, LCM, inpainting and tiny kin.
    private static readonly Dictionary<string, (KnownFields Known, string Published)> Classes = new()
    {
        ["unet"] = (UNetConfig.Known, """
            sample_size in_channels out_channels center_input_sample flip_sin_to_cos freq_shift down_block_types mid_block_type up_block_types
            only_cross_attention block_out_channels layers_per_block downsample_padding mid_block_scale_factor dropout act_fn norm_num_groups norm_eps
            cross_attention_dim transformer_layers_per_block reverse_transformer_layers_per_block encoder_hid_dim encoder_hid_dim_type attention_head_dim
            num_attention_heads dual_cross_attention use_linear_projection class_embed_type addition_embed_type addition_time_embed_dim num_class_embeds
            upcast_attention resnet_time_scale_shift resnet_skip_time_act resnet_out_scale_factor time_embedding_type time_embedding_dim
            time_embedding_act_fn timestep_post_act time_cond_proj_dim conv_in_kernel conv_out_kernel projection_class_embeddings_input_dim attention_type
            class_embeddings_concat mid_block_only_cross_attention cross_attention_norm addition_embed_type_num_heads
            decay inv_gamma min_decay optimization_step power update_after_step use_ema_warmup
            """),
        ["controlnet"] = (ControlNetConfig.Known, """
            in_channels conditioning_channels flip_sin_to_cos freq_shift down_block_types mid_block_type only_cross_attention block_out_channels
            layers_per_block downsample_padding mid_block_scale_factor act_fn norm_num_groups norm_eps cross_attention_dim transformer_layers_per_block
            encoder_hid_dim encoder_hid_dim_type attention_head_dim num_attention_heads use_linear_projection class_embed_type addition_embed_type
            addition_time_embed_dim num_class_embeds upcast_attention resnet_time_scale_shift projection_class_embeddings_input_dim
            controlnet_conditioning_channel_order conditioning_embedding_out_channels global_pool_conditions addition_embed_type_num_heads
            """),
        ["vae"] = (VaeConfig.Known, """
            in_channels out_channels down_block_types up_block_types block_out_channels layers_per_block act_fn latent_channels norm_num_groups sample_size
            scaling_factor shift_factor latents_mean latents_std force_upcast use_quant_conv use_post_quant_conv mid_block_add_attention
            """),
        ["text_encoder"] = (ClipTextConfig.Known, """
            vocab_size hidden_size intermediate_size projection_dim num_hidden_layers num_attention_heads max_position_embeddings hidden_act layer_norm_eps
            attention_dropout dropout initializer_range initializer_factor pad_token_id bos_token_id eos_token_id architectures model_type torch_dtype dtype
            transformers_version return_dict output_hidden_states output_attentions torchscript use_bfloat16 tf_legacy_loss pruned_heads tie_word_embeddings
            is_encoder_decoder is_decoder cross_attention_hidden_size add_cross_attention tie_encoder_decoder max_length min_length do_sample early_stopping
            num_beams num_beam_groups diversity_penalty temperature top_k top_p typical_p repetition_penalty length_penalty no_repeat_ngram_size
            encoder_no_repeat_ngram_size bad_words_ids num_return_sequences chunk_size_feed_forward output_scores return_dict_in_generate
            forced_bos_token_id forced_eos_token_id remove_invalid_values exponential_decay_length_penalty suppress_tokens begin_suppress_tokens
            finetuning_task id2label label2id tokenizer_class prefix sep_token_id decoder_start_token_id task_specific_params problem_type
            """),
        ["image_encoder"] = (ClipVisionConfig.Known, """
            hidden_size intermediate_size projection_dim num_hidden_layers num_attention_heads num_channels image_size patch_size hidden_act layer_norm_eps
            attention_dropout dropout initializer_range initializer_factor architectures model_type torch_dtype dtype transformers_version
            """),
        ["dino"] = (DinoConfig.Known, """
            hidden_size num_hidden_layers num_attention_heads intermediate_size mlp_ratio hidden_act hidden_dropout_prob attention_probs_dropout_prob
            initializer_range layer_norm_eps image_size patch_size num_channels qkv_bias encoder_stride pooler_output_size pooler_act layerscale_value
            drop_path_rate use_swiglu_ffn out_features out_indices apply_layernorm reshape_hidden_states stage_names use_mask_token
            """),
        ["language_model"] = (Qwen2VlConfig.Known, """
            architectures attention_dropout bos_token_id eos_token_id hidden_act hidden_size image_token_id initializer_range intermediate_size
            max_position_embeddings max_window_layers model_type num_attention_heads num_hidden_layers num_key_value_heads rms_norm_eps rope_scaling rope_theta
            sliding_window tie_word_embeddings torch_dtype transformers_version use_cache use_sliding_window video_token_id vision_config vision_end_token_id
            vision_start_token_id vision_token_id vocab_size text_config layer_types rope_parameters
            """),
        ["vision_tower"] = (VisionTowerConfig.Known, """
            depth embed_dim hidden_act hidden_size in_channels in_chans initializer_range mlp_ratio model_type num_heads patch_size spatial_merge_size
            spatial_patch_size temporal_patch_size torch_dtype
            """),
        ["tokenizer"] = (TokenizerFields.Known, """
            add_prefix_space added_tokens_decoder additional_special_tokens bos_token clean_up_tokenization_spaces do_lower_case eos_token errors
            extra_special_tokens model_max_length name_or_path pad_token processor_class special_tokens_map_file split_special_tokens tokenizer_class
            tokenizer_file unk_token padding_side truncation_side use_fast
            """),
        ["preprocessor"] = (ModelSettings.Preprocessor, """
            crop_size do_center_crop do_convert_rgb do_normalize do_rescale do_resize feature_extractor_type image_mean image_processor_type image_std resample
            rescale_factor size processor_class do_pad data_format input_data_format
            """),
        ["index"] = (ModelSettings.Index, """
            feature_extractor force_zeros_for_empty_prompt image_encoder requires_aesthetics_score requires_safety_checker safety_checker scheduler text_encoder
            text_encoder_2 tokenizer tokenizer_2 unet vae add_watermarker is_cosxl_edit
            """),
        ["generation"] = (ModelSettings.Generation, """
            steps guidance guidance_rescale method bos_token_id eos_token_id pad_token_id transformers_version do_sample temperature top_k top_p
            repetition_penalty max_length
            """),
        ["scheduler"] = (SchedulerFields.All, """
            num_train_timesteps beta_start beta_end beta_schedule trained_betas clip_sample set_alpha_to_one steps_offset prediction_type thresholding
            dynamic_thresholding_ratio clip_sample_range sample_max_value timestep_spacing rescale_betas_zero_snr skip_prk_steps variance_type solver_order
            algorithm_type solver_type lower_order_final euler_at_final use_karras_sigmas use_exponential_sigmas use_beta_sigmas use_lu_lambdas
            use_flow_sigmas flow_shift final_sigmas_type lambda_min_clipped use_dynamic_shifting time_shift_type predict_x0 disable_corrector solver_p
            interpolation_type sigma_min sigma_max timestep_type original_inference_steps timestep_scaling
            """),
    };

    public static TheoryData<string> Names => [.. Classes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_published_field_is_on_a_list_and_on_one_alone(string name)
    {
        var (known, published) = Classes[name];
        var all = known.Read.Concat(known.Fixed.Select(field => field.Name)).Concat(known.Harmless).ToList();

        Assert.All(published.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), field => Assert.Contains(field, all));
        Assert.Empty(known.Fixed.Select(field => field.Name).Intersect(known.Read.Except(["final_sigmas_type"])));
        Assert.Empty(known.Read.Intersect(known.Harmless.Except(["eos_token_id", "model_type"])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_fixed_field_that_says_another_thing_is_refused_by_name(string name)
    {
        foreach (var field in Classes[name].Known.Fixed)
        {
            var config = Config(new() { [field.Name] = "other" });

            var error = Assert.Throws<InvalidConfigException>(() => Classes[name].Known.Check(config));

            Assert.StartsWith($"config.json: \"{field.Name}\" is \"other\"; supported is ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("PNDMScheduler", "skip_prk_steps", "false")]
    [InlineData("DPMSolverMultistepScheduler", "solver_order", "3")]
    [InlineData("DPMSolverMultistepScheduler", "solver_type", "\"heun\"")]
    [InlineData("DPMSolverMultistepScheduler", "lambda_min_clipped", "-5.1")]
    [InlineData("UniPCMultistepScheduler", "solver_type", "\"bh1\"")]
    [InlineData("UniPCMultistepScheduler", "predict_x0", "false")]
    [InlineData("UniPCMultistepScheduler", "disable_corrector", "[0]")]
    [InlineData("DDPMScheduler", "variance_type", "\"learned_range\"")]
    [InlineData("EulerDiscreteScheduler", "interpolation_type", "\"log_linear\"")]
    [InlineData("EulerDiscreteScheduler", "timestep_type", "\"continuous\"")]
    [InlineData("EulerDiscreteScheduler", "sigma_max", "80")]
    [InlineData("EulerDiscreteScheduler", "final_sigmas_type", "\"other\"")]
    [InlineData("DDIMScheduler", "clip_sample", "true")]
    [InlineData("DDIMScheduler", "trained_betas", "[0.1]")]
    public void What_one_class_of_schedulers_reads_is_refused_for_it_alone(string own, string field, string value)
    {
        var error = Assert.Throws<InvalidConfigException>(() => Parse(own));

        Assert.Contains($"\"{field}\" is ", error.Message, StringComparison.Ordinal);
        if (SchedulerFields.All.Fixed.All(item => item.Name != field))
        {
            Parse("LCMScheduler");
        }

        SchedulerConfig Parse(string name) => SchedulerConfig.Parse($$"""{ "_class_name": "{{name}}", "{{field}}": {{value}} }""");
    }

    [Theory]
    [InlineData("EDMEulerScheduler", "prediction_type", "\"v_prediction\"", "EDM")]
    [InlineData("EDMDPMSolverMultistepScheduler", "sigma_data", "0.5", "EDM")]
    [InlineData("EulerDiscreteScheduler", "sigma_data", "1.0", "EDM")]
    [InlineData("FlowMatchEulerDiscreteScheduler", "shift", "3.0", "flow matching")]
    public void A_model_that_was_trained_on_other_noise_is_refused_by_what_it_is(string name, string field, string value, string kind)
    {
        var error = Assert.Throws<InvalidConfigException>(() => SchedulerConfig.Parse($$"""{ "_class_name": "{{name}}", "{{field}}": {{value}} }"""));

        Assert.Contains($"\"{name}\": this model was trained on", error.Message, StringComparison.Ordinal);
        Assert.Contains($"({kind}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{ "_class_name": "a", "in_channels": 4, "new_switch": false, "new_list": [], "new_text": null }""", "")]
    [InlineData("""{ "new_switch": true, "new_number": 3 }""", "new_switch new_number")]
    public void A_field_on_no_list_is_told_where_it_says_something(string json, string unknown) =>
        Assert.Equal(unknown, string.Join(' ', UNetConfig.Known.Unknown(ConfigReader.Parse(json, "config.json"))));

    [Fact]
    public void Every_file_of_settings_here_is_known()
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        var folders = new (string Pattern, KnownFields Known)[]
        {
            ("unet", UNetConfig.Known), ("vae", VaeConfig.Known), ("text_encoder", ClipTextConfig.Known), ("text_encoder_2", ClipTextConfig.Known),
            ("image_encoder", ClipVisionConfig.Known), ("scheduler", SchedulerFields.All),
        };
        var files = folders.SelectMany(item => Directory.EnumerateFiles(GoldenData.Root!, "*config.json", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == item.Pattern && !path.Contains("preprocessor", StringComparison.Ordinal))
            .Select(path => (path, item.Known))).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var config = ConfigReader.Load(file.path);
            file.Known.Check(config);
            Assert.Empty(file.Known.Unknown(config));
        });
    }

    private static ConfigReader Config(JsonObject json) => ConfigReader.Parse(json.ToJsonString(), "config.json");
}
