using Dramatis.Configs;

namespace Dramatis.Tokenizers;

/// <summary>The fields of published <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> of CLIP.</summary>
internal static class TokenizerFields
{
    /// <summary>What such files are called.</summary>
    public static IReadOnlyList<string> Files { get; } = ["tokenizer_config.json", "special_tokens_map.json"];

    public static KnownFields Known { get; } = new()
    {
        Read = ["added_tokens_decoder", "model_max_length", "pad_token"],
        Fixed =
        [
            new("bos_token", BpeVocabulary.Start), new("eos_token", BpeVocabulary.End), new("padding_side", "right"), new("truncation_side", "right"),
            new("split_special_tokens", "false"), new("add_bos_token", "true"), new("add_eos_token", "true"),
        ],
        Harmless =
        [
            // Bytes are tokens: nothing is unknown. Texts become lower case whatever is said here.
            "unk_token", "do_lower_case", "add_prefix_space",

            // They stand among the added tokens too.
            "additional_special_tokens", "extra_special_tokens",

            // Of the way back to texts, and of the program that wrote it.
            "errors", "clean_up_tokenization_spaces", "name_or_path", "special_tokens_map_file", "tokenizer_class", "tokenizer_file", "processor_class",
            "use_fast", "backend", "is_local", "chat_template", "device_map", "trust_remote_code", "max_length", "stride", "padding", "truncation",
            "truncation_strategy", "pad_to_multiple_of", "pad_token_type_id", "model_input_names", "auto_map", "legacy", "model_specific_special_tokens",
            "vocab_file", "merges_file", "local_files_only", "mask_token", "cls_token", "sep_token",
        ],
    };
}
