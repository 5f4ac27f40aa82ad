using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Tests.Verification;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.CustomDiffusion;

/// <summary>On the embedded model, whose text is 192 wide.</summary>
public sealed class CustomDiffusionMergeTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private const int EnoughCaptions = 60;

    // Solved in double precision, stored in single.
    private const float StoredPrecision = 1e-4f;

    // The same for what depends on the embedded weights, in parts of the numbers that are added up: half a unit in the last place.
    private const double Rounding = 1.0 / (1 << 24);

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly BaseModel model = toybox.Model;

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Each_concept_s_words_give_the_keys_that_its_own_layers_gave()
    {
        LearnedConcept[] concepts = [Concept("<one>", "dog", 1), Concept("<two>", "house", 2), Concept("<three>", "dog", 3)];

        using var merged = Merge(concepts);

        using var off = no_grad();
        using var patched = new PatchedWeights(model);
        patched.Apply(new ScaledPatch(new("words", [.. merged.Changes.OfType<NewWord>()])));
        Assert.All(concepts, concept =>
        {
            var text = Text(concept.Words).to(float64);
            var values = Values(merged).to(float64);
            var terms = text.abs().mm(values.abs().t());    // what rounding is relative to: words that are alike make large values that cancel
            var apart = text.mm((values - Values(concept.Patch)).t()).abs() / terms;
            Assert.InRange(apart.max().item<double>(), 0, Rounding);
        });
    }

    [Fact]
    public void Concepts_that_have_learned_nothing_leave_the_layer_as_it_was()
    {
        using var off = no_grad();
        var before = model.UNet.get_parameter(LearnedConcepts.Keys)!;

        using var merged = Merge(AsBefore("dog"), AsBefore("house"));

        Assert.InRange((Values(merged) - before).abs().max().item<float>(), 0, StoredPrecision);

        LearnedConcept AsBefore(string kind) => new(new("none", [new NewValues(ModelNetwork.UNet, LearnedConcepts.Keys, before.clone())]), kind);
    }

    [Fact]
    public void Other_texts_are_moved_less_than_by_one_concept_s_layers()
    {
        LearnedConcept[] concepts = [Concept("<one>", "dog", 1), Concept("<two>", "house", 2)];

        using var merged = Merge(concepts);

        using var off = no_grad();
        var text = cat([.. LearnedConcepts.Captions(model, EnoughCaptions).Select(Text)]);
        Assert.InRange(Moved(merged), 0, .6f * Moved(concepts[0].Patch));    // states of words that are spread have more in common with others

        float Moved(WeightPatch patch) => text.mm((Values(patch) - model.UNet.get_parameter(LearnedConcepts.Keys)!).t()).norm().item<float>();
    }

    [Fact]
    public void A_concept_alone_and_two_of_one_word_are_refused()
    {
        Assert.Contains("1 of them", Refusal<InvalidRequestException>(Concept("<one>", "dog", 1)), StringComparison.Ordinal);
        Assert.Contains(
            "two have the word \"<one>\"", Refusal<InvalidRequestException>(Concept("<one>", "dog", 1), Concept("<one>", "house", 2)),
                StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_more_than_keys_and_values_and_what_lacks_a_layer_is_named()
    {
        var queries = LearnedConcepts.Keys.Replace("to_k", "to_q", StringComparison.Ordinal);
        var values = LearnedConcepts.Keys.Replace("to_k", "to_v", StringComparison.Ordinal);

        Assert.Contains(
            queries, Refusal<InvalidCheckpointException>(Concept("<one>", "dog", 1), Concept("<two>", "dog", 2, LearnedConcepts.Keys, queries)),
                StringComparison.Ordinal);
        Assert.Contains(
            values, Refusal<WeightMismatchException>(Concept("<one>", "dog", 1), Concept("<two>", "dog", 2, LearnedConcepts.Keys, values)),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(20, 1)]
    [InlineData(1, 200)]
    public void Captions_of_too_few_words_are_refused_with_their_number(int unlike, int times)
    {
        LearnedConcept[] concepts = [Concept("<one>", "dog", 1), Concept("<two>", "house", 2)];
        var captions = Enumerable.Repeat(LearnedConcepts.Captions(model, unlike), times).SelectMany(texts => texts).ToArray();

        var error = Assert.Throws<InvalidDataSetException>(() => CustomDiffusionMerge.Merge(model, concepts, captions));

        Assert.Contains("at least 192 are needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_and_texts_of_two_encoders_are_merged_too()
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        using var sdxl = BaseModel.Load(Path.Combine(GoldenData.Root!, "pipelines", "models", "sdxl"));
        var keys = sdxl.UNet.named_parameters().First(weight => weight.name.EndsWith("attn2.to_k.weight", StringComparison.Ordinal)).name;
        LearnedConcept[] concepts = [Learned("<one>", "dog", 1), Learned("<two>", "cat", 2)];

        using var merged = CustomDiffusionMerge.Merge(sdxl, concepts, LearnedConcepts.Captions(sdxl, EnoughCaptions));

        using var off = no_grad();
        using var patched = new PatchedWeights(sdxl);
        patched.Apply(new ScaledPatch(new("words", [.. merged.Changes.OfType<NewWord>()])));
        Assert.Equal(["<one>", "<two>"], merged.Words);
        Assert.All(concepts, concept =>
        {
            var text = sdxl.ReadText(
                TokenIds.Of([sdxl.Tokenizer.EncodeUnpadded(concept.Words)]), TokenIds.Of([sdxl.SecondTokenizer!.EncodeUnpadded(concept.Words)]))
                    .Text[0, 1..].to(float64);
            Assert.InRange(text.mm((Values(merged).to(float64) - Values(concept.Patch)).t()).abs().max().item<double>(), 0, StoredPrecision);
        });

        LearnedConcept Learned(string word, string kind, ulong seed) => new(
            new("learned", [LearnedConcepts.Layer(sdxl, seed, keys), LearnedConcepts.Word(sdxl, word, seed), LearnedConcepts.SecondWord(sdxl, word, seed)]),
                kind);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        LearnedConcept[] concepts = [Concept("<one>", "dog", 1), Concept("<two>", "house", 2)];
        Merge(concepts).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Merge(concepts).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private WeightPatch Merge(params LearnedConcept[] concepts) =>
        CustomDiffusionMerge.Merge(model, concepts, LearnedConcepts.Captions(model, EnoughCaptions));

    private string Refusal<T>(params LearnedConcept[] concepts)
        where T : DramatisException => Assert.Throws<T>(() => Merge(concepts)).Message;

    private LearnedConcept Concept(string word, string kind, ulong seed, params string[] layers)
    {
        string[] weights = layers.Length > 0 ? layers : [LearnedConcepts.Keys];
        return new(new("learned", [.. weights.Select(weight => LearnedConcepts.Layer(model, seed, weight)), LearnedConcepts.Word(model, word, seed)]), kind);
    }

    private static Tensor Values(WeightPatch patch) => patch.Changes.OfType<NewValues>().Single().Values;

    // Without its start, which all texts have.
    private Tensor Text(string text) =>
        model.ReadText(TokenIds.Of([model.Tokenizer.EncodeUnpadded(text)]), null).Text[0, 1..];
}
