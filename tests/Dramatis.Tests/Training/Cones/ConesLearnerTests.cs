using Dramatis.Errors;
using Dramatis.Tensors;
using Dramatis.Training.Cones;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Cones;

/// <summary>On the embedded model.</summary>
public sealed class ConesLearnerTests : IDisposable
{
    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);

    public void Dispose() => model.Dispose();

    [Fact]
    public void Before_anything_is_learned_the_loss_is_the_base_model_s_bit_for_bit()
    {
        using var scope = NewDisposeScope();
        using var batch = Batch(rows: 2, seed: 1);
        var plain = SubjectLoss.OfSubject(new LearningModel(model).SquaredErrors(batch), batch).item<float>();
        using var learner = new ConesLearner(new(model), new());

        using var loss = learner.Loss(() => Batch(rows: 2, seed: 1), 0);
        Assert.Equal(plain, loss.Total.item<float>());
    }

    // The derivative along a mask that shrinks or grows as one, by finite differences.
    [Fact]
    public void The_gradient_is_the_mask_s()
    {
        using var scope = NewDisposeScope();
        using var learner = new ConesLearner(new(model), new());

        using var loss = learner.Loss(() => Batch(rows: 2, seed: 1), 0);
        loss.Total.backward();
        var slope = learner.Trained.parameters().Sum(mask => mask.grad!.sum().item<float>());

        Assert.Equal(1, slope / ((LossAt(.02f) - LossAt(-.02f)) / .04f), .05f);

        float LossAt(float shift)
        {
            using var off = no_grad();
            foreach (var mask in learner.Trained.parameters())
            {
                mask.fill_(shift);
            }

            using var there = learner.Loss(() => Batch(rows: 2, seed: 1), 0);
            return there.Total.item<float>();
        }
    }

    [Fact]
    public void Neurons_are_where_the_mask_has_shrunk_most_and_no_more_than_the_share()
    {
        using var scope = NewDisposeScope();
        using var learner = new ConesLearner(new(model), new() { Share = 1e-5 });    // 5 of 467,000
        var (name, mask) = learner.Trained.named_parameters().First();
        using (no_grad())
        {
            mask.view(-1).index_copy_(0, tensor(new long[] { 3, 5, 8, 9, 11, 20 }), tensor(new[] { -5f, -3, -4, -1, -2, 6 }));
        }

        var neurons = Assert.Single(learner.Neurons());

        Assert.Equal(name, neurons.Weight.Replace('.', '_'));
        Assert.Equal([3L, 5, 8, 9, 11], neurons.Indices.data<long>().ToArray());
    }

    [Fact]
    public void What_did_not_shrink_is_no_neuron()
    {
        using var scope = NewDisposeScope();
        using var learner = new ConesLearner(new(model), new());

        Assert.Empty(learner.Neurons());
    }

    [Fact]
    public void Removing_the_neurons_lowers_the_error_on_noise_that_was_not_learned()
    {
        using var scope = NewDisposeScope();
        using var learner = new ConesLearner(new(model), new());
        for (var step = 0; step < 4; step++)
        {
            using var loss = learner.Loss(() => Batch(rows: 8, seed: (ulong)step), step);
            loss.Total.backward();
        }

        using var off = no_grad();
        foreach (var mask in learner.Trained.parameters())
        {
            mask.sub_(mask.grad! * ConesLearning.UsualStepSize);
        }

        using var others = Batch(rows: 16, seed: 99);
        var before = Error();
        using var worn = learner.WearLearned(0);

        Assert.True(Error() < before, $"{Error()} is not below {before}");

        float Error() => SubjectLoss.OfSubject(learner.Model.SquaredErrors(others), others).item<float>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1e-9)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double share) =>
        Assert.Contains("share", Assert.Throws<InvalidRequestException>(() => new ConesLearner(new(model), new() { Share = share })).Message,
            StringComparison.Ordinal);

    // Always the same picture, always other noise.
    private DenoisingBatch Batch(int rows, ulong seed)
    {
        using var picture = new Generator(7, CPU);
        using var noise = new Generator(seed, CPU);
        long[] shape = [rows, model.Vae.Config.LatentChannels, 8, 8];
        return new()
        {
            Latents = randn([1, .. shape[1..]], generator: picture).expand(shape),
            Noise = randn(shape, generator: noise),
            Timesteps = randint(200, 900, rows, dtype: ScalarType.Int64, generator: noise),
            Ids = TokenIds.Of([.. Enumerable.Repeat(model.Tokenizer.Encode("a sks dog"), rows)]),
            Subjects = rows,
        };
    }
}
