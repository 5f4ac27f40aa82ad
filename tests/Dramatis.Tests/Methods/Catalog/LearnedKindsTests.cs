using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Catalog;

public sealed class LearnedKindsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_file_says_what_it_is()
    {
        var residual = In("residual.pt");
        using (var rows = ones(2, 8))
        {
            Residual.Write(residual, rows);
        }

        var word = Save("word", ("<toy>", [1, 8]));
        var lora = Save("lora", ("lora_unet_conv_in.lora_down.weight", [2, 4]), ("lora_unet_conv_in.lora_up.weight", [4, 2]));
        var layers = Save("layers", ("unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.processor.to_k_custom_diffusion.weight", [4, 4]));

        var parts = LearnedKinds.PartsOf(Of(layers, word, lora, residual), "subjects[0]");

        Assert.Equal((residual, word), (parts.Residual, Assert.Single(parts.Word)));
        Assert.Equal([layers, lora], parts.Weights);
        Assert.Equal((null, null, 0), PartsIn(LearnedKinds.PartsOf(Of(), "subjects[0]")));
    }

    [Fact]
    public void Bare_rows_are_what_is_said_of_them_or_what_the_method_keeps()
    {
        var rows = Save("rows", ("dog", [2, 8]));
        var nameless = Save("nameless", ("root", [2, 8]));

        Assert.Equal((null, rows, 0), PartsIn(LearnedKinds.PartsOf(Of(rows), "subjects[0]")));
        Assert.Equal((rows, null, 0), PartsIn(LearnedKinds.PartsOf(Of(rows) with { Method = "cones2" }, "subjects[0]")));
        Assert.Equal((rows, null, 0), PartsIn(LearnedKinds.PartsOf(Of(new LearnedFile(rows, LearnedKind.Residual)), "subjects[0]")));
        Assert.Equal((nameless, null, 0), PartsIn(LearnedKinds.PartsOf(Of(nameless), "subjects[0]")));
        Assert.Equal((null, nameless, 0), PartsIn(LearnedKinds.PartsOf(Of(new LearnedFile(nameless, LearnedKind.Embedding)), "subjects[0]")));
    }

    [Fact]
    public void A_word_may_have_a_file_for_each_text_encoder_and_no_more()
    {
        var (narrow, wide) = (Save("narrow", ("<toy>", [1, 8])), Save("wide", ("<toy>", [1, 12])));
        var other = Save("other", ("<toy>", [1, 8]));

        Assert.Equal([narrow, wide], LearnedKinds.PartsOf(Of(narrow, wide), "subjects[0]").Word);
        Assert.Contains("a subject has one", Assert.Throws<InvalidRequestException>(
            () => LearnedKinds.PartsOf(Of(narrow, other), "subjects[0]")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_learned_of_a_subject_is_refused_by_its_name()
    {
        var network = Save("network", ("a.b.c.d", [2, 2, 2, 2]));

        Assert.Contains($"{network}: is no LoRA", Assert.Throws<InvalidCheckpointException>(() => LearnedKinds.PartsOf(Of(network), "subjects[0]")).Message,
            StringComparison.Ordinal);
        Assert.Contains("none.pt", Assert.Throws<InvalidCheckpointException>(() => LearnedKinds.PartsOf(Of(In("none.pt")), "subjects[0]")).Message,
            StringComparison.Ordinal);
    }

    private static Subject Of(params LearnedFile[] files) => new() { Phrase = "dog", Learned = files };

    private static (string? Residual, string? Word, int Weights) PartsIn(LearnedParts parts) =>
        (parts.Residual, parts.Word.SingleOrDefault(), parts.Weights.Count);

    private string In(string name) => Path.Combine(folder, name);

    private string Save(string name, params (string Name, long[] Shape)[] tensors)
    {
        using var scope = NewDisposeScope();
        Checkpoint.Save(tensors.ToDictionary(item => item.Name, item => ones(item.Shape)), In($"{name}.safetensors"));
        return In($"{name}.safetensors");
    }
}
