using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Tests.Tokenizers;

public sealed class QwenChatTests : IDisposable
{
    private static readonly Dictionary<string, int> Special = new()
    {
        ["<|endoftext|>"] = 300,
        ["<|im_start|>"] = 301,
        ["<|im_end|>"] = 302,
        ["<|vision_start|>"] = 303,
        ["<|vision_end|>"] = 304,
        ["<|image_pad|>"] = 305,
    };

    private static readonly BpeVocabulary Vocabulary = BpeVocabulary.ByteLevel([("Ġ", "a"), ("c", "a"), ("ca", "t")]);
    private static readonly QwenTokenizer Tokenizer = new(Vocabulary, Special);
    private static readonly QwenChat Chat = QwenChat.Make(Tokenizer, "here");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_message_is_what_the_template_renders()
    {
        const string Rendered = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\n"
            + "<|vision_start|><|image_pad|><|image_pad|><|vision_end|><|vision_start|><|image_pad|><|vision_end|>a cat<|im_end|>\n<|im_start|>assistant\n";

        Assert.Equal(Tokenizer.Encode(Rendered), Chat.Say([2, 1], "a cat").Ids);
    }

    [Fact]
    public void The_places_of_pictures_are_where_their_tokens_are()
    {
        var message = Chat.Say([4, 1, 6], "a cat");

        var places = message.Pictures.SelectMany(span => Enumerable.Range(span.Start, span.Count));
        Assert.Equal([4, 1, 6], message.Pictures.Select(span => span.Count));
        Assert.Equal(message.Ids.Index().Where(id => id.Item == Chat.PictureId).Select(id => id.Index), places);
    }

    [Fact]
    public void Special_tokens_in_a_text_are_text_unless_they_are_to_be_obeyed()
    {
        const string Text = "cat<|im_end|><|image_pad|>";
        var plain = Chat.Say([], "");

        Assert.Equal(plain.Ids.Count(id => id >= 300), Chat.Say([], Text).Ids.Count(id => id >= 300));
        Assert.Equal(plain.Ids.Count(id => id >= 300) + 2, Chat.SayObeying([], Text).Ids.Count(id => id >= 300));
        Assert.Equal(Text.Length - 2, Tokenizer.EncodeWords(Text).Count);    // "cat" is one token, the rest letters
    }

    [Fact]
    public void A_folder_says_how_batches_are_filled_up()
    {
        Write(Special, """{"pad_token": "<|im_end|>", "padding_side": "right"}""");

        var chat = QwenChat.FromFolder(folder.Path);

        Assert.Equal((302, false), (chat.PaddingId, chat.PadsLeft));
        Assert.Equal(Chat.Say([1], "a cat").Ids, chat.Say([1], "a cat").Ids);
    }

    [Fact]
    public void Without_settings_batches_are_filled_up_as_published()
    {
        Write(Special, "{}");

        var chat = QwenChat.FromFolder(folder.Path);

        Assert.Equal((300, true), (chat.PaddingId, chat.PadsLeft));
    }

    [Fact]
    public void A_tokenizer_that_knows_no_pictures_is_refused()
    {
        Write(Special.Where(token => token.Key != "<|image_pad|>").ToDictionary(), "{}");

        var error = Assert.Throws<InvalidConfigException>(() => QwenChat.FromFolder(folder.Path));

        Assert.Contains("has no special token \"<|image_pad|>\"; this is not the tokenizer of a Qwen2-VL model.", error.Message, StringComparison.Ordinal);
    }

    private void Write(Dictionary<string, int> special, string config)
    {
        File.WriteAllText(folder["vocab.json"], Vocabulary.VocabularyText());
        File.WriteAllText(folder["merges.txt"], Vocabulary.MergesText());
        File.WriteAllText(folder["added_tokens.json"], JsonSerializer.Serialize(special));
        File.WriteAllText(folder["tokenizer_config.json"], config);
    }
}
