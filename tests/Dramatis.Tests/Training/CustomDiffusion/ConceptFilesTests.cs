using Dramatis.Errors;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.TextualInversion;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.CustomDiffusion;

public sealed class ConceptFilesTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BaseModel model = toybox.Model;

    private string Layers => Path.Combine(folder, CustomDiffusionFile.FileName);

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_of_a_training_is_read_with_its_word_and_so_is_its_file()
    {
        var (layer, word) = (LearnedConcepts.Layer(model, 1), LearnedConcepts.Word(model, "<tom>", 2));
        CustomDiffusionFile.Write(folder, [layer], [word]);

        Assert.All([folder, Layers], path =>
        {
            var concept = ConceptFiles.Read(path, model, "cat");
            using var patch = concept.Patch;

            Assert.Equal("<tom> cat", concept.Words);
            Assert.True(layer.Values.equal(patch.Changes.OfType<NewValues>().Single().Values).all().item<bool>());
            Assert.True(word.Rows.equal(patch.Changes.OfType<NewWord>().Single().Rows).all().item<bool>());
        });
    }

    [Fact]
    public void The_original_layout_has_its_word_in_itself_and_it_may_be_called_otherwise()
    {
        var file = Path.Combine(folder, "delta.safetensors");
        Checkpoint.Save(
            new Dictionary<string, Tensor>
            {
                [$"unet.{LearnedConcepts.Keys}"] = LearnedConcepts.Layer(model, 1).Values,
                ["modifier_token.<new1>"] = zeros(192)
            }, file);
        EmbeddingFile.Write(Path.Combine(folder, "other.safetensors"), [LearnedConcepts.Word(model, "<other>", 1)]);

        var concept = ConceptFiles.Read(file, model, "cat", "<tom>");
        using var patch = concept.Patch;

        Assert.Equal("<tom> cat", concept.Words);
    }

    [Fact]
    public void Without_a_word_it_is_its_kind()
    {
        CustomDiffusionFile.Write(folder, [LearnedConcepts.Layer(model, 1)], []);

        var concept = ConceptFiles.Read(folder, model, "cat");
        using var patch = concept.Patch;

        Assert.Equal("cat", concept.Words);
        Assert.Contains(
            "could be called \"<tom>\"", Assert.Throws<InvalidCheckpointException>(() => ConceptFiles.Read(folder, model, "cat", "<tom>")).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_learned_together_is_refused_with_its_words()
    {
        CustomDiffusionFile.Write(folder, [LearnedConcepts.Layer(model, 1)], [LearnedConcepts.Word(model, "<a>", 1), LearnedConcepts.Word(model, "<b>", 2)]);

        var error = Assert.Throws<InvalidCheckpointException>(() => ConceptFiles.Read(folder, model, "cat"));

        Assert.Contains("2 words with it, <a> and <b>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_missing_or_of_another_kind_are_named()
    {
        Checkpoint.Save(new Dictionary<string, Tensor> { ["<toy>"] = zeros(192) }, Path.Combine(folder, "word.safetensors"));

        Assert.Contains(Layers, Refusal(folder), StringComparison.Ordinal);
        Assert.Contains("holds no layers of Custom Diffusion", Refusal(Path.Combine(folder, "word.safetensors")), StringComparison.Ordinal);

        string Refusal(string path) => Assert.Throws<InvalidCheckpointException>(() => ConceptFiles.Read(path, model, "cat")).Message;
    }

    [Fact]
    public void Captions_are_lines_and_a_file_that_is_no_text_is_refused()
    {
        var file = Path.Combine(folder, "captions.txt");
        File.WriteAllText(file, "a dog on a beach\r\n\n a house \n");

        Assert.Equal(["a dog on a beach", "a house"], ConceptFiles.ReadCaptions(file));
        File.WriteAllBytes(file, [0x61, 0xFF]);
        Assert.Contains("is not UTF-8", Assert.Throws<InvalidDataSetException>(() => ConceptFiles.ReadCaptions(file)).Message, StringComparison.Ordinal);
        Assert.Contains("none.txt", Assert.Throws<InvalidDataSetException>(() => ConceptFiles.ReadCaptions(Path.Combine(folder, "none.txt"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_alive_even_of_what_is_refused()
    {
        CustomDiffusionFile.Write(folder, [LearnedConcepts.Layer(model, 1)], [LearnedConcepts.Word(model, "<a>", 1), LearnedConcepts.Word(model, "<b>", 2)]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Assert.Throws<InvalidCheckpointException>(() => ConceptFiles.Read(folder, model, "cat"));

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
