using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Tokenizers;

namespace Dramatis.Tests.Tokenizers;

public sealed class ClipTokenizerTests : IDisposable
{
    private static readonly ClipTokenizer Clip = new(BpeVocabulary.Clip);
    private static readonly ClipTokenizer Second = new(BpeVocabulary.Clip, new() { Padding = "!" });

    private readonly TemporaryFolder folder = new();

    public static IEnumerable<TheoryDataRow<string, bool>> Tokenizers() => [new("tiny", false), new("tiny-pad0", true)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Ids_equal_the_reference()
    {
        AssertIds(Clip, "clip.jsonl", line => line.Ids);
    }

    [Fact]
    public void The_second_tokenizer_of_SDXL_takes_an_exclamation_mark_for_padding()
    {
        AssertIds(Second, "clip.jsonl", line => line.Second ?? line.Ids);
    }

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("a fox", 75, 149)]            // " fox" is cut off
    [InlineData("a fox", 74, 149)]
    [InlineData(" \n ", 75, 153)]
    [InlineData("antidisestablishmentarianism", 73, 145)]
    public void What_is_cut_off_begins_with_a_word(string end, int wordsBefore, int read)
    {
        var text = string.Concat(Enumerable.Repeat("a ", wordsBefore)) + end;

        Assert.Equal(Math.Min(read, text.Length), Clip.CharactersRead(text));
    }

    [Fact]
    public void Added_tokens_are_found_before_anything_else()
    {
        var tokenizer = new ClipTokenizer(BpeVocabulary.Clip, new()
        {
            AddedTokens = new Dictionary<string, int> { ["<|image|>"] = 49408, ["<new1>"] = 49409, ["<new1>_1"] = 49410, ["sks-toy"] = 49411 },
        });

        AssertIds(tokenizer, "clip_added.jsonl", line => line.Ids);
    }

    [Theory]
    [InlineData("a cat, EasyNegative", 1)]
    [InlineData("easynegative", 1)]
    [InlineData("(easynegative:1.2) EASYNEGATIVE.", 2)]
    [InlineData("uneasynegative", 0)]
    [InlineData("easynegatives easynegative_2", 0)]
    [InlineData("a<toy>b", 1)]
    [InlineData("a <TOY>", 0)]
    [InlineData("asks SKS", 1)]
    public void Words_that_stand_alone_are_found_there_in_any_capitals_and_others_anywhere(string text, int count)
    {
        var words = new Dictionary<string, IReadOnlyList<int>> { ["EasyNegative"] = [50000], ["<toy>"] = [50000], ["sks"] = [50000] };
        var taught = Clip.With(words, ["EasyNegative", "<toy>"]);

        Assert.Equal(count, taught.EncodeWords(text).Count(id => id == 50000));
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Folders_give_the_ids_of_the_reference(string name, bool second)
    {
        var tokenizer = ClipTokenizer.FromFolder(GoldenFolder.Of(Path.Combine("tokenizers", name)));

        AssertIds(tokenizer, "tiny.jsonl", line => second ? line.Second ?? line.Ids : line.Ids);
    }

    [Fact]
    public void Texts_are_filled_up_with_the_padding_of_the_folder()
    {
        Assert.Equal([.. Clip.EncodeUnpadded("a cat"), .. Enumerable.Repeat(49407, 73)], Clip.Encode("a cat"));
        Assert.Equal(0, Second.Encode("a cat")[^1]);
    }

    [Fact]
    public void A_cut_vocabulary_written_to_a_folder_reads_back_the_same()
    {
        var cut = BpeVocabulary.Cut(2048);
        File.WriteAllText(folder["vocab.json"], cut.VocabularyText());
        File.WriteAllText(folder["merges.txt"], cut.MergesText());

        var read = ClipTokenizer.FromFolder(folder.Path);

        Assert.Equal(2048, read.Vocabulary.Ids.Count);
        Assert.Equal(2047, read.EndId);
        Assert.Equal(new ClipTokenizer(cut).Encode("a fox and a naïve 🎈 on a beach"), read.Encode("a fox and a naïve 🎈 on a beach"));
    }

    [Fact]
    public void A_vocabulary_without_its_tokens_is_refused_by_name()
    {
        File.WriteAllText(folder["vocab.json"], """{ "a": 0 }""");
        File.WriteAllText(folder["merges.txt"], "#version: 0.2\na b\n");

        var error = Assert.Throws<InvalidConfigException>(() => ClipTokenizer.FromFolder(folder.Path));

        Assert.Contains("vocab.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("no token", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<ModelNotFoundException>(() => ClipTokenizer.FromFolder(folder.Path));

        Assert.Contains("vocab.json", error.Message, StringComparison.Ordinal);
    }

    private static void AssertIds(ClipTokenizer tokenizer, string name, Func<Line, int[]> expected)
    {
        var differences = Lines(name)
            .Select(line => (line.Text, Expected: expected(line), Actual: tokenizer.EncodeUnpadded(line.Text)))
            .Where(line => !line.Actual.SequenceEqual(line.Expected))
            .Select(line => $"{line.Text}: {string.Join(' ', line.Actual)}, not {string.Join(' ', line.Expected)}");
        Assert.True(!differences.Any(), string.Join('\n', differences));
    }

    private static IEnumerable<Line> Lines(string name) => File
        .ReadLines(Path.Combine(GoldenFolder.Of("tokenizers"), name))
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Select(line => new Line(line.GetProperty("text").GetString()!, Numbers(line, "ids")!, Numbers(line, "g")));

    private static int[]? Numbers(JsonElement line, string field) =>
        line.TryGetProperty(field, out var ids) ? [.. ids.EnumerateArray().Select(id => id.GetInt32())] : null;

    private sealed record Line(string Text, int[] Ids, int[]? Second);
}
