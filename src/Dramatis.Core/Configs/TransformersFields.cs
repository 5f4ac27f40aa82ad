namespace Dramatis.Configs;

/// <summary>Fields that transformers writes into every file of settings, whatever the network.</summary>
internal static class TransformersFields
{
    public static KnownFields All { get; } = new()
    {
        Read = [],
        Fixed = [new("quantization_config"), new("is_decoder", "false"), new("add_cross_attention", "false"), new("pruned_heads")],
        Harmless =
        [
            // Of training.
            "dropout", "attention_dropout", "hidden_dropout_prob", "attention_probs_dropout_prob", "drop_path_rate", "layerscale_value", "initializer_range",
            "initializer_factor", "gradient_checkpointing", "problem_type", "finetuning_task", "task_specific_params", "id2label", "label2id", "num_labels",

            // Of the program that wrote it.
            "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "transformers.js_config", "tokenizer_class", "return_dict",
            "output_hidden_states", "output_attentions", "torchscript", "tf_legacy_loss", "use_return_dict", "use_bfloat16", "attn_implementation", "use_cache",
            "chunk_size_feed_forward",
            "tie_encoder_decoder", "tie_word_embeddings", "is_encoder_decoder", "cross_attention_hidden_size", "prefix", "return_loss",

            // Of the writing of texts, which encoders do not do.
            "max_length", "min_length", "do_sample", "early_stopping", "num_beams", "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p",
            "typical_p", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size", "bad_words_ids",
            "num_return_sequences", "output_scores", "return_dict_in_generate", "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values",
            "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens", "decoder_start_token_id", "sep_token_id",

            // Of texts, which the tokenizer's own files say.
            "bos_token_id", "pad_token_id", "eos_token_id",
        ],
    };
}
