using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Tests.Tokenizers;

public sealed class TokenizerFilesTests : IDisposable
{
    private static readonly BpeVocabulary Cut = BpeVocabulary.Cut(600);

    private readonly TemporaryFolder folder = new();

    public TokenizerFilesTests()
    {
        File.WriteAllText(folder["vocab.json"], Cut.VocabularyText());
        File.WriteAllText(folder["merges.txt"], Cut.MergesText());
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_layouts_give_the_same_ids(bool pairs)
    {
        var apart = ClipTokenizer.FromFolder(folder.Path);
        WriteWhole(pairs);

        var whole = ClipTokenizer.FromFolder(folder.Path);

        Assert.Equal(apart.Encode("the red fox <|endoftext|> and <new> foxes"), whole.Encode("the red fox <|endoftext|> and <new> foxes"));
    }

    [Fact]
    public void A_whole_file_brings_its_added_tokens()
    {
        WriteWhole(pairs: true, ("<new>", 600));

        Assert.Equal([600], ClipTokenizer.FromFolder(folder.Path).EncodeWords("<new>"));
    }

    [Theory]
    [InlineData("added_tokens.json", """{ "<new>": 600 }""")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "600": { "content": "<new>" } } }""")]
    public void Added_tokens_are_read_wherever_they_stand(string name, string text)
    {
        File.WriteAllText(folder[name], text);

        var tokenizer = ClipTokenizer.FromFolder(folder.Path);

        Assert.Equal([600], tokenizer.EncodeWords("<new>"));
        Assert.Equal(600, tokenizer.LargestId);
    }

    [Theory]
    [InlineData("vocab.json", "{", "is no file of a tokenizer: it is no valid JSON (byte 2). Copy or download it again")]
    [InlineData("vocab.json", "<!doctype html>", "is no file of a tokenizer: it is no valid JSON (byte 1). Copy or download it again")]
    [InlineData("vocab.json", "[]", "is no file of a tokenizer: it lacks an object of tokens and their whole numbers, such as { \"cat\": 2368 }. Copy")]
    [InlineData("vocab.json", """{ "a": "b" }""", "it lacks an object of tokens and their whole numbers")]
    [InlineData("vocab.json", """{ "a": 99999999999 }""", "it lacks an object of tokens and their whole numbers")]
    [InlineData("vocab.json", """{ "\ud800": 1 }""", "it lacks an object of tokens and their whole numbers")]
    [InlineData("vocab.json", """{ "a": -1 }""", "\"a\" has the id -1")]
    [InlineData("vocab.json", """{ "a": 5, "b": 5 }""", "share the id 5")]
    [InlineData("vocab.json", """{ "a": 5 }""", "no token \"!\"")]
    [InlineData("merges.txt", "#version: 0.2\ni n\nt\n", "line 3")]
    [InlineData("merges.txt", "#version: 0.2\ni n\nt h e\n", "line 3")]
    [InlineData("merges.txt", "#version: 0.2\ni n\n\nt h\n", "line 3")]
    [InlineData("merges.txt", "#version: 0.2\ni n\n", "no merge makes")]
    [InlineData("merges.txt", "", "no merge makes")]
    [InlineData("added_tokens.json", """{ "<new>": 599 }""", "share the id 599")]
    [InlineData("added_tokens.json", """{ "<new>": -3 }""", "has the id -3")]
    [InlineData("added_tokens.json", """{ "": 700 }""", "is empty")]
    [InlineData("tokenizer_config.json", """{ "added_tokens_decoder": { "x": { "content": "<new>" } } }""", "it lacks an object with \"added_tokens_decoder\"")]
    [InlineData("tokenizer_config.json", """{ "pad_token": "<pad>" }""", "\"pad_token\" is \"<pad>\"")]
    [InlineData("tokenizer_config.json", """{ "model_max_length": 2 }""", "model_max_length")]
    public void A_damaged_file_is_one_error_that_names_it(string name, string text, string problem)
    {
        File.WriteAllText(folder[name], text);

        var error = Assert.Throws<InvalidConfigException>(() => ClipTokenizer.FromFolder(folder.Path));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder.Path, error.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    [InlineData("tokenizer_config.json")]
    public void A_file_that_is_no_UTF_8_is_refused(string name)
    {
        File.WriteAllBytes(folder[name], [.. "{ \""u8, 0xFF, 0xFE, .. "\": 1 }"u8]);

        var error = Assert.Throws<InvalidConfigException>(() => ClipTokenizer.FromFolder(folder.Path));

        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Equal(folder[name], error.Path);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "model": { "type": "Unigram", "vocab": [] } }""")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": ["a"] } }""")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [3] } }""")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [["a", null]] } }""")]
    [InlineData("""{ "added_tokens": [ { "content": "b" } ], "model": { "type": "BPE", "vocab": { "a": 0 }, "merges": [] } }""")]
    public void A_damaged_whole_file_is_one_error_that_names_it(string text)
    {
        File.Delete(folder["vocab.json"]);
        File.WriteAllText(folder["tokenizer.json"], text);

        Assert.Equal(folder["tokenizer.json"], Assert.Throws<InvalidConfigException>(() => ClipTokenizer.FromFolder(folder.Path)).Path);
    }

    [Fact]
    public void A_tokenizer_of_another_kind_is_refused()
    {
        Assert.Contains("no merge makes", Assert.Throws<InvalidConfigException>(() => QwenTokenizer.FromFolder(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a cat, ")]
    [InlineData("\u0315\u0300")]
    [InlineData("貓")]
    [InlineData("<|endoftext|>")]
    public void A_text_of_a_megabyte_is_encoded(string piece)
    {
        var text = new StringBuilder().Insert(0, piece, (1 << 20) / Encoding.UTF8.GetByteCount(piece)).ToString();
        var tokenizer = new ClipTokenizer(Cut);

        Assert.Equal(77, tokenizer.Encode(text).Length);
        Assert.NotEmpty(tokenizer.EncodeWords(text));
    }

    private void WriteWhole(bool pairs, params IEnumerable<(string Content, int Id)> added)
    {
        var merges = Cut.Merges.Select(merge => (JsonNode)(pairs ? new JsonArray(merge.Left, merge.Right) : JsonValue.Create($"{merge.Left} {merge.Right}")));
        var whole = new JsonObject
        {
            ["added_tokens"] = new JsonArray([.. added.Select(token => new JsonObject { ["id"] = token.Id, ["content"] = token.Content })]),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = JsonSerializer.SerializeToNode(Cut.Ids),
                ["merges"] = new JsonArray([.. merges]),
            },
        };
        File.WriteAllText(folder["tokenizer.json"], whole.ToJsonString());
        File.Delete(folder["vocab.json"]);
        File.Delete(folder["merges.txt"]);
    }
}
