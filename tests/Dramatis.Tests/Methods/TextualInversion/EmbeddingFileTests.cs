using Dramatis.Errors;
using Dramatis.Methods.TextualInversion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.TextualInversion;

public sealed class EmbeddingFileTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    private string File => Path.Combine(folder, "word.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_is_written_is_read_back(int rows)
    {
        using var values = randn(rows, 192);
        EmbeddingFile.Write(File, [new(ModelNetwork.TextEncoder, "<toy>", values)]);

        using var read = EmbeddingFile.Read(File, toybox.Model);

        var word = Assert.IsType<NewWord>(Assert.Single(read.Changes));
        Assert.Equal("<toy>", word.Word);
        Assert.True(values.equal(word.Rows).all().item<bool>());
    }

    [Theory]
    [InlineData("<toy>", "<toy>")]
    [InlineData("emb_params", "<own>")]
    public void One_row_may_lie_flat_and_the_caller_may_name_it(string key, string word)
    {
        Save(key, zeros(192));

        using var read = EmbeddingFile.Read(File, toybox.Model, word);

        Assert.Equal([word], read.Words);
        Assert.Equal([1, 192], read.Changes[0].Tensors[0].shape);
    }

    [Theory]
    [InlineData("emb_params")]
    [InlineData("clip_l")]
    [InlineData("string_to_param.*")]
    public void A_word_without_a_name_is_called_as_its_file_is(string key)
    {
        Save(key, zeros(2, 192));

        using var read = EmbeddingFile.Read(File, toybox.Model);

        Assert.Equal(["word"], read.Words);
        Assert.Equal("word", read.NameOfFile);
    }

    [Theory]
    [InlineData("<toy>", null, "<toy>")]
    [InlineData("string_to_param.toy", null, "toy")]
    [InlineData("emb_params", "toy-3200", "toy-3200")]
    public void The_name_of_the_file_counts_beside_the_one_inside(string key, string? name, string word)
    {
        Save(key, zeros(1, 192), name);

        using var read = EmbeddingFile.Read(File, toybox.Model);

        var change = Assert.IsType<NewWord>(Assert.Single(read.Changes));
        Assert.Equal(word, change.Word);
        Assert.Equal(["word"], change.Aliases);
        Assert.Null(read.NameOfFile);
    }

    [Fact]
    public void A_file_may_hold_several_words()
    {
        Checkpoint.Save(new Dictionary<string, Tensor> { ["<a>"] = zeros(1, 192), ["<b>"] = zeros(3, 192) }, File);

        using var read = EmbeddingFile.Read(File, toybox.Model);

        Assert.Equal(["<a>", "<b>"], read.Words);
        Assert.All(read.Changes.Cast<NewWord>(), change => Assert.Empty(change.Aliases));
        Assert.Contains("<a>, <b>", Assert.Throws<InvalidCheckpointException>(
            () => EmbeddingFile.Read(File, toybox.Model, "<mine>")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_beside_the_rows_are_no_rows()
    {
        Checkpoint.Save(
            new Dictionary<string, Tensor> { ["string_to_token.*"] = tensor(265L), ["string_to_param.*"] = zeros(1, 192) }, File,
            metadata: new Dictionary<string, string> { ["name"] = "usada" });

        using var read = EmbeddingFile.Read(File, toybox.Model);

        Assert.Equal(["usada"], read.Words);
    }

    [Theory]
    [InlineData("<toy>", 768, "learned for texts of width 768; this model's are 192 wide")]
    [InlineData("clip_g", 192, "learned for SDXL's second text encoder alone, which this model has not")]
    public void What_is_no_word_of_the_model_is_refused(string key, int width, string words)
    {
        Save(key, zeros(1, width));

        var error = Assert.Throws<InvalidCheckpointException>(() => EmbeddingFile.Read(File, toybox.Model));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_no_numbers_are_named_with_file_and_tensor()
    {
        Save("<toy>", full(new long[] { 1, 192 }, float.NaN));

        var error = Assert.Throws<InvalidCheckpointException>(() => EmbeddingFile.Read(File, toybox.Model));

        Assert.Contains("no numbers (in '<toy>')", error.Message, StringComparison.Ordinal);
    }

    private void Save(string key, Tensor values, string? name = null)
    {
        Checkpoint.Save(
            new Dictionary<string, Tensor> { [key] = values }, File, metadata: name is null ? null : new Dictionary<string, string> { ["name"] = name });
        values.Dispose();
    }
}
