using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

public sealed class PromptEncoderTests : IDisposable
{
    private static readonly PromptReading Weighted = new(Weights: true, Whole: false);
    private static readonly PromptReading Entire = new(Weights: false, Whole: true);
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("a", 100));    // a token each

    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly PromptEncoder encoder;

    public PromptEncoderTests() => encoder = new(model);

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
    }

    [Fact]
    public void Plain_prompts_are_the_same_to_the_bit_however_they_are_read()
    {
        string?[] texts = [null, "a red cat on a beach"];
        var plain = encoder.Encode(texts).Text;

        Assert.True(plain.equal(encoder.Encode(texts, reading: Weighted).Text).all().item<bool>());
        Assert.True(plain.equal(encoder.Encode(texts, reading: Entire).Text).all().item<bool>());
        Assert.True(plain.equal(encoder.Encode([null, "a (red cat:1) on [(a)] beach"], reading: Weighted).Text).all().item<bool>());
    }

    [Fact]
    public void A_weight_moves_its_tokens_only_and_further_the_larger_it_is()
    {
        var plain = Row("a red cat");
        var strong = Row("a red (cat:1.5)");
        var stronger = Row("a red (cat:2)");
        var cat = (1 + model.Tokenizer.EncodeWords("a red").Count)..(1 + model.Tokenizer.EncodeWords("a red cat").Count);

        var moved = (strong - plain).abs().amax(1);
        Assert.True(moved[cat].min().item<float>() > 0);
        Assert.Equal(cat.End.Value - cat.Start.Value, moved.count_nonzero().item<long>());
        Assert.True((((stronger - plain) / 2) - (strong - plain)).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void Weight_zero_is_the_empty_text()
    {
        var words = 1..(1 + model.Tokenizer.EncodeWords("a red cat").Count);

        Assert.True((Row("(a red cat:0)")[words] - Row("")[words]).abs().max().item<float>() < 1e-6f);
    }

    [Fact]
    public void A_long_prompt_is_its_chunks_one_after_another()
    {
        var whole = encoder.Encode([Long], reading: Entire).Text;
        var length = model.Tokenizer.Options.MaxLength;
        var first = string.Join(' ', Long.Split(' ').Take(length - 2));
        var tail = string.Join(' ', Long.Split(' ').Skip(length - 2));

        Assert.Equal(2 * length, whole.shape[1]);
        Assert.True((whole[.., ..length] - encoder.Encode([first]).Text).abs().max().item<float>() < 1e-5f);
        Assert.True((whole[.., length..] - encoder.Encode([tail]).Text).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void A_short_row_beside_a_long_one_ends_in_the_empty_text()
    {
        var both = encoder.Encode(["a cat", Long], reading: Entire).Text;
        var length = model.Tokenizer.Options.MaxLength;

        Assert.True((both[0, length..] - Row("")).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void A_call_leaves_no_tensor_behind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using (NewDisposeScope())
        {
            encoder.Encode([null, "a (cat:1.2)"], reading: new(Weights: true, Whole: true));
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private Tensor Row(string text) => encoder.Encode([text], reading: Weighted).Text[0];
}
