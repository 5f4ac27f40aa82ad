using Dramatis.Errors;
using Dramatis.Training.Cones2;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Cones2;

public sealed class ResidualLearnerTests : IDisposable
{
    // Sums of 27 numbers of about 1 in single precision.
    private const float Rounding = 1e-5f;

    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);

    public void Dispose() => model.Dispose();

    [Fact]
    public void Before_anything_is_learned_nothing_has_moved_and_gradients_are_numbers()
    {
        using var scope = NewDisposeScope();
        using var learner = new ResidualLearner(new(model), "dog", new());

        using var loss = learner.Loss(Batch, 0);
        loss.Total.backward();

        Assert.Equal(0, loss[ResidualLearner.Start].item<float>());
        Assert.Equal(0, loss[ResidualLearner.Rest].item<float>());
        Assert.Equal(loss[SubjectLoss.Subject].item<float>(), loss.Total.item<float>());
        Assert.All(learner.Trained.parameters(), weight => Assert.True(weight.grad is null || weight.grad.isfinite().all().item<bool>()));
        Assert.Equal(0, learner.Residual().abs().max().item<float>());
    }

    // A shift of what ends the tower shifts every output alike.
    [Fact]
    public void A_residual_is_how_far_the_words_have_moved()
    {
        using var scope = NewDisposeScope();
        using var learner = new ResidualLearner(new(model), "dog", new());
        using (no_grad())
        {
            learner.Trained.get_parameter("text_encoder.text_model.final_layer_norm.bias")!.add_(.25f);
        }

        var residual = learner.Residual();
        using var loss = learner.Loss(Batch, 0);

        Assert.True((residual - .25f).abs().max().item<float>() < Rounding);
        Assert.Equal(.25 * Math.Sqrt(192), loss[ResidualLearner.Start].item<float>(), 1e-4);
        Assert.Equal(.25 * Math.Sqrt(192 * (76 - residual.shape[0])), loss[ResidualLearner.Rest].item<float>(), 1e-3);
        Assert.Equal(
            loss[SubjectLoss.Subject].item<float>() + (.01f * loss[ResidualLearner.Start].item<float>()) + (.001f * loss[ResidualLearner.Rest].item<float>()),
                loss.Total.item<float>(), Rounding);
    }

    [Fact]
    public void Only_the_text_encoder_learns()
    {
        using var scope = NewDisposeScope();
        using var learner = new ResidualLearner(new(model), "dog", new());

        using var loss = learner.Loss(Batch, 0);
        loss.Total.backward();

        Assert.All(learner.Trained.named_parameters(), item => Assert.StartsWith("text_encoder.", item.name, StringComparison.Ordinal));
        Assert.All(model.UNet.parameters().Concat(model.Vae.parameters()), weight => Assert.False(weight.requires_grad));
    }

    [Fact]
    public void Words_have_as_many_rows_as_tokens_or_fewer_on_demand()
    {
        using var scope = NewDisposeScope();
        var count = model.Tokenizer.EncodeWords("robot toy").Count;
        using var all = new ResidualLearner(new(model), "robot toy", new());
        using var first = new ResidualLearner(new(model), "robot toy", new() { Tokens = 1 });

        Assert.Equal([count, 192], all.Residual().shape);
        Assert.Equal([1, 192], first.Residual().shape);
        Assert.Throws<InvalidRequestException>(() => new ResidualLearner(new(model), "dog", new() { Tokens = 9 }));
        Assert.Throws<InvalidRequestException>(() => new ResidualLearner(new(model), " ", new()));
    }

    // Later positions are moved further, so that it shows where the words were taken to be.
    [Fact]
    public void Words_that_a_caption_has_before_are_found_at_its_end()
    {
        using var scope = NewDisposeScope();
        using var ours = new ResidualLearner(new(model), "photo album", new());
        using var official = new ResidualLearner(new(model), "photo album", new() { TakesFirstOccurrence = true });
        using var other = new ResidualLearner(new(model), "dog", new());
        using var same = new ResidualLearner(new(model), "dog", new() { TakesFirstOccurrence = true });
        using (no_grad())
        {
            var positions = ours.Trained.get_parameter("text_encoder.text_model.embeddings.position_embedding.weight")!;
            positions.narrow(1, 0, 96).add_(arange(77).square().unsqueeze(1) * .1f);    // what moves all channels alike no norm lets through
        }

        Assert.True((ours.Residual() - official.Residual()).abs().max().item<float>() > .1f);
        Assert.True((other.Residual() - same.Residual()).abs().max().item<float>() < Rounding);
    }

    private DenoisingBatch Batch()
    {
        var ids = tensor(model.Tokenizer.Encode("dog").Select(id => (long)id).ToArray()).unsqueeze(0);
        return new()
        {
            Latents = randn(1, model.Vae.Config.LatentChannels, 8, 8),
            Noise = randn(1, model.Vae.Config.LatentChannels, 8, 8),
            Timesteps = tensor(500L).view(1),
            Ids = ids,
            Subjects = 1,
        };
    }
}
