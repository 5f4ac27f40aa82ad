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
    [InlineData("emb_params", 192, "does not say which word")]
    [InlineData("<toy>", 768, "learned for texts of width 768; this model's are 192 wide")]
    [InlineData("clip_g", 192, "does not say which word")]
    public void What_is_no_word_of_the_model_is_refused(string key, int width, string words)
    {
        Save(key, zeros(1, width));

        var error = Assert.Throws<InvalidCheckpointException>(() => EmbeddingFile.Read(File, toybox.Model));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private void Save(string key, Tensor values)
    {
        Checkpoint.Save(new Dictionary<string, Tensor> { [key] = values }, File);
        values.Dispose();
    }
}
