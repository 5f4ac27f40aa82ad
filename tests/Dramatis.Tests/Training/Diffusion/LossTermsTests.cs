using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Schedules;
using Dramatis.Tests.Networks.UNet;
using Dramatis.Training;
using Dramatis.Training.Diffusion;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Diffusion;

/// <summary>A session with a loss of its own, read of attention, on a tiny UNet that is trained as a whole.</summary>
[Collection(nameof(Tensors.StartValuesTests))]
public sealed class LossTermsTests : IDisposable
{
    private const int Token = 2;

    // Of the order in which gradients are added up.
    private const float Rounding = 1e-5f;

    private static readonly ForwardProcess Process = new([.9, .5, .1], Prediction.Epsilon);

    private readonly Dramatis.Networks.UNet.UNet unet = Seeded();

    public void Dispose() => unet.Dispose();

    [Fact]
    public void The_loss_is_the_denoising_error_and_the_session_s_term_by_its_weight()
    {
        using var plain = new DenoisingLoss(unet, Process).Of(Batch(), ConditioningSession.None);
        using var loss = LossOf(recompute: false);

        Assert.Equal([DenoisingLoss.Name], plain.Parts.Select(part => part.Name));
        Assert.Equal([DenoisingLoss.Name, LocalisationSession.Name], loss.Parts.Select(part => part.Name));
        Assert.Equal(plain.Total.item<float>(), loss[DenoisingLoss.Name].item<float>(), Rounding);
        Assert.Equal(
            loss[DenoisingLoss.Name].item<float>() + (LocalisationSession.Weight * loss[LocalisationSession.Name].item<float>()),
            loss.Total.item<float>(),
            1e-5);
    }

    // A step along the gradient of the term alone changes it by the gradient's length.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_term_s_gradient_is_that_of_finite_differences(bool recompute)
    {
        using var scope = NewDisposeScope();
        var gradients = Gradients(recompute, LocalisationSession.Name);
        var length = Math.Sqrt(gradients.Values.Sum(gradient => gradient.square().sum().item<float>()));
        const double Step = 2e-2;

        var slope = (TermAt(Step) - TermAt(-Step)) / (2 * Step);

        Assert.True(length > 1e-3);
        Assert.Equal(1, slope / length, .02);

        double TermAt(double step)
        {
            using var off = no_grad();
            Move(step / length);
            using var loss = LossOf(recompute: false);
            var value = loss[LocalisationSession.Name].item<float>();
            Move(-step / length);
            return value;
        }

        void Move(double by)
        {
            foreach (var (name, gradient) in gradients)
            {
                unet.get_parameter(name)!.add_(by * gradient);
            }
        }
    }

    [Fact]
    public void Layers_that_are_computed_again_change_no_gradient_of_it()
    {
        using var scope = NewDisposeScope();

        var plain = Gradients(recompute: false);
        var again = Gradients(recompute: true);

        Assert.Equal(plain.Keys, again.Keys);
        Assert.All(plain, item => Assert.True((item.Value - again[item.Key]).abs().max().item<float>() < Rounding, item.Key));
    }

    [Fact]
    public void A_session_among_others_adds_its_term_too()
    {
        using var alone = LossOf(recompute: false);
        using var combined = new DenoisingLoss(unet, Process).Of(Batch(), CombinedSession.Of(Session(), new Nothing()));

        Assert.Equal(alone.Total.item<float>(), combined.Total.item<float>());
    }

    [Fact]
    public void What_is_read_where_layers_are_computed_again_and_by_no_probe_is_refused()
    {
        using var fine = LossOf(recompute: false, byLogits: true);

        Assert.True(fine[LocalisationSession.Name].requires_grad);
        Assert.Equal("recompute", Assert.Throws<InvalidRequestException>(() => LossOf(recompute: true, byLogits: true)).Field);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Work();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Work();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Work()
        {
            using var scope = NewDisposeScope();
            Gradients(recompute: true);
            Gradients(recompute: false);
        }
    }

    // Of the whole loss, or of one part.
    private SortedDictionary<string, Tensor> Gradients(bool recompute, string? part = null)
    {
        unet.zero_grad();
        using var loss = LossOf(recompute);
        (part is null ? loss.Total : loss[part]).backward();
        var trained = unet.named_parameters().Where(item => item.parameter.grad is not null);
        return new(trained.ToDictionary(item => item.name, item => item.parameter.grad!.clone()), StringComparer.Ordinal);
    }

    private TrainingLoss LossOf(bool recompute, bool byLogits = false)
    {
        using var scope = NewDisposeScope();
        return new DenoisingLoss(unet, Process) { Recompute = recompute }.Of(Batch(), Session(byLogits));
    }

    // All sites but the first, so that some layers are computed again and some are not.
    private static LocalisationSession Session(bool byLogits = false)
    {
        using var scope = NewDisposeScope();
        var mask = zeros(2, 1, 8, 8);
        mask[.., .., 1..6, 2..8] = 1;
        return new(mask, Token, site => site.Index > 0, byLogits);
    }

    private static DenoisingBatch Batch()
    {
        using var generator = new Generator(5, CPU);
        return new()
        {
            Latents = randn([2, 4, 8, 8], generator: generator),
            Noise = randn([2, 4, 8, 8], generator: generator),
            Timesteps = tensor([0L, 2L]),
            Text = 3 * randn([2, 5, 12], generator: generator),
        };
    }

    private static Dramatis.Networks.UNet.UNet Seeded()
    {
        manual_seed(11);
        return new(TinyUNet.Config);
    }

    private sealed class Nothing : ConditioningSession;
}
