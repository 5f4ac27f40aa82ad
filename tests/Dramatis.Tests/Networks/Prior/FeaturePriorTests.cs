using Dramatis.Errors;
using Dramatis.Networks.Prior;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Prior;

public sealed class FeaturePriorTests
{
    private static readonly FeaturePriorConfig Tiny = new()
    {
        TextWidth = 6,
        FeatureWidth = 5,
        Tokens = 4,
        CellWidth = 3,
        PenultimateFeatures = false,
        Reads = PhraseState.Word,
    };

    [Fact]
    public void Its_settings_come_back() => Assert.Equal(Tiny, FeaturePriorConfig.Parse(Tiny.ToJson()));

    [Theory]
    [InlineData("""{ "_class_name": "PriorTransformer" }""", "\"_class_name\" is \"PriorTransformer\"; supported is FeaturePrior")]
    [InlineData("""{ "_class_name": "FeaturePrior", "text_width": 6, "tokens": 4 }""", "feature_width")]
    [InlineData("""{ "_class_name": "FeaturePrior", "text_width": 6, "feature_width": 5, "tokens": 1 }""", "tokens")]
    [InlineData("""{ "_class_name": "FeaturePrior", "text_width": 6, "feature_width": 5, "tokens": 4, "cel_width": 3 }""", "cell_width")]
    [InlineData("""{ "_class_name": "FeaturePrior", "text_width": 6, "feature_width": 5, "tokens": 4, "reads": "all" }""", "pooled or word")]
    public void Settings_of_something_else_are_refused(string json, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidConfigException>(() => FeaturePriorConfig.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_it_makes_of_states_has_the_shape_of_features()
    {
        using var scope = NewDisposeScope();
        using var prior = new FeaturePrior(Tiny);

        var imagined = prior.forward(ones(2, 6));

        Assert.Equal([2, 4, 5], imagined.Features.shape);
        Assert.Equal([2], imagined.Aspect.shape);
        Assert.True(imagined.Aspect.min().item<float>() > 0);
    }

    [Fact]
    public void Measured_states_are_white_and_features_come_back_from_their_standard_form()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var prior = new FeaturePrior(Tiny with { Reads = PhraseState.Pooled });
        using var ofWords = new FeaturePrior(Tiny);
        var steps = arange(0, 40, float32).unsqueeze(-1) * tensor([.37f, .73f, 1.1f, 1.7f, 2.3f, 3.1f]);
        var states = (steps.sin() * tensor([1f, .5f, .2f, .1f, .05f, .02f])) + 3;
        var features = (arange(0, 40 * 20, float32) * .61f).cos().view(40, 4, 5) + 1;

        prior.Measure(states, features);

        var own = prior.state_dict();
        var white = (states - own["mean"]).matmul(own["whitening"]);
        Assert.True((white.t().matmul(white) / 40 - eye(6)).abs().max().item<float>() < .01);

        // What is narrow among spread states of words is noise, and is not widened.
        ofWords.Measure(states, features);
        Assert.InRange(ofWords.Whiten(states).square().mean([0])[5].item<float>(), 0, .1f);
        var standard = prior.Standardise(features);
        Assert.Equal(0, standard.mean([0]).abs().max().item<float>(), 1e-5);
        Assert.True((standard.square().mean([0, 2]) - 1).abs().max().item<float>() < 1e-4);
        Assert.True(((standard * own["feature_deviation"]) + own["feature_mean"] - features).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void What_was_measured_is_not_learned()
    {
        using var prior = new FeaturePrior(Tiny);

        Assert.Equal(
            ["feature_deviation", "feature_mean", "mean", "whitening"],
            prior.named_parameters().Where(item => !item.parameter.requires_grad).Select(item => item.name).Order(StringComparer.Ordinal));
    }
}
