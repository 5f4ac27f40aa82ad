using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.FastComposer;

/// <summary>FastComposer with random weights on the embedded model, at few steps.</summary>
public sealed class FastComposerMethodTests(FastComposerMethodTests.ToyboxWithFastComposer toybox)
    : IClassFixture<FastComposerMethodTests.ToyboxWithFastComposer>
{
    private const string Keys = "down_blocks.2.attentions.0.transformer_blocks.0.attn2.to_k.weight";

    private static readonly GenerationRequest Request = new()
    {
        Prompt = "a dog and a tiger on a beach",
        Subjects = [Of("dog"), Of("tiger")],
        Method = "fastcomposer",
        Size = new(64, 64),
        Steps = 4,
        Seed = 7,
    };

    [Fact]
    public void Without_strength_and_with_a_start_at_the_end_it_is_the_base_model_with_the_checkpoint_s_weights()
    {
        var plain = Paint(With(subject => subject with { Strength = 0 }));

        Assert.NotEqual(plain, Paint(Request));
        Assert.Equal(plain, Paint(With(subject => subject with { Start = 1 })));
    }

    [Fact]
    public void Its_weights_go_when_another_request_comes()
    {
        using var alone = new Painter(BaseModel.Load(ToyboxFolder.Path));
        var plain = Request with { Subjects = [], Method = null };

        Paint(Request);

        Assert.Equal(alone.Paint(plain, cancellationToken: TestContext.Current.CancellationToken).Rgba, Paint(plain));
    }

    [Fact]
    public void Subjects_begin_where_the_settings_say_unless_they_say_so_themselves()
    {
        Assert.Equal(Paint(With(subject => subject with { Start = .5 })), Paint(Request));
        Assert.NotEqual(Paint(With(subject => subject with { Start = 0 })), Paint(Request));
        Assert.NotEqual(Paint(Request), Paint(Request with { Subjects = [Request.Subjects[0] with { Start = 0 }, Request.Subjects[1]] }));
    }

    [Fact]
    public void Each_picture_changes_its_own_word_and_several_count_together()
    {
        var exchanged = Request with { Subjects = [Of("dog") with { References = [Picture("tiger")] }, Of("tiger") with { References = [Picture("dog")] }] };

        Assert.NotEqual(Paint(Request), Paint(exchanged));
        Assert.NotEqual(Paint(Request), Paint(With(subject => subject with { References = [Picture("dog"), Picture("tiger")] })));
    }

    [Fact]
    public void Prompts_of_the_reference_are_read()
    {
        var written = Request with { Prompt = "a dog <|image|> and a tiger<|image|> on a beach" };

        Assert.Equal(Paint(Request), Paint(written));
    }

    [Fact]
    public void It_shares_a_picture_with_other_methods()
    {
        var mixed = Request with { Subjects = [Of("dog"), Of("tiger") with { Method = "ms-diffusion", Place = new(.5, .2, 1, 1) }] };

        Assert.NotEqual(Paint(mixed), Paint(mixed with { Subjects = [mixed.Subjects[0] with { Strength = 0 }, mixed.Subjects[1]] }));
        Assert.NotEqual(Paint(mixed), Paint(mixed with { Subjects = [mixed.Subjects[0], mixed.Subjects[1] with { Strength = 0 }] }));
    }

    [Fact]
    public void A_word_that_the_model_does_not_read_is_told_and_changes_nothing()
    {
        var beyond = Request with { Prompt = string.Concat(Enumerable.Repeat("sand ", 90)) + "and a dog and a tiger" };
        var told = new List<string>();

        var picture = toybox.Painter.Paint(beyond, new() { Notice = (field, _) => told.Add(field) }, TestContext.Current.CancellationToken).Rgba;

        Assert.NotEmpty(told);
        Assert.Equal(Paint(beyond with { Subjects = [.. beyond.Subjects.Select(subject => subject with { Strength = 0 })] }), picture);
    }

    [Fact]
    public void Words_are_held_in_places_with_a_binding_alone()
    {
        var placed = Request with { Subjects = [Of("dog") with { Place = new(0, 0, .5, 1) }, Of("tiger")] };
        var bound = placed with { Layout = new() { Binding = 2 } };
        var told = new List<string>();

        Assert.Equal(Paint(Request), toybox.Painter.Paint(
            placed, new() { Notice = (field, text) => told.Add($"{field}: {text}") }, TestContext.Current.CancellationToken).Rgba);
        Assert.Contains("subjects[0].place: is not read: fastcomposer holds words in places with a layout.binding alone.", told);
        Assert.NotEqual(Paint(Request), Paint(bound));
        Assert.NotEqual(Paint(bound), Paint(bound with { Subjects = [Of("dog") with { Place = new(.5, 0, 1, 1) }, Of("tiger")] }));
        Assert.Equal(Paint(Request), Paint(bound with { Subjects = [Of("dog") with { Place = Box.Whole }, Of("tiger")] }));

        // Before the word means its picture, it is held already.
        GenerationRequest Late(GenerationRequest request) => request with { Subjects = [request.Subjects[0] with { Start = 1 }, request.Subjects[1]] };
        Assert.NotEqual(Paint(Late(Request)), Paint(Late(bound)));
    }

    [Fact]
    public void More_subjects_than_it_was_trained_for_are_refused()
    {
        var many = Request with { Prompt = "a dog, a tiger, a fox", Subjects = [.. Request.Subjects, Of("fox") with { References = [Picture("dog")] }] };

        var error = Assert.Throws<InvalidRequestException>(() => Paint(many));

        Assert.Equal("subjects", error.Field);
        Assert.Contains("3 are more than the 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Paint(Request);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Paint(Request);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData("postfuse_module.mlp1.fc1.weight", "missing")]
    [InlineData("unet.nowhere.weight", "unet.nowhere.weight")]
    [InlineData("image_encoder.nowhere", "image_encoder.nowhere")]
    [InlineData("other.weight", "other.weight")]
    public void A_checkpoint_that_lacks_something_or_has_too_much_is_refused_by_name(string name, string words)
    {
        using var scope = NewDisposeScope();
        var tensors = toybox.Tensors();
        if (!tensors.Remove(name))
        {
            tensors.Add(name, zeros(2));
        }

        var error = Assert.Throws<WeightMismatchException>(() => toybox.LoadWith(tensors));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_for_another_base_model_says_for_which()
    {
        using var network = new PostfuseNetwork(new(768, 768));
        using var scope = NewDisposeScope();

        var error = Assert.Throws<InvalidCheckpointException>(
            () => toybox.LoadWith(network.state_dict().ToDictionary(item => $"postfuse_module.{item.Key}", item => item.Value)));

        Assert.Contains("Stable Diffusion 1.x", error.Message, StringComparison.Ordinal);
    }

    private byte[] Paint(GenerationRequest request) => toybox.Painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private static GenerationRequest With(Func<Subject, Subject> change) => Request with { Subjects = [.. Request.Subjects.Select(change)] };

    private static Subject Of(string name) => new()
    {
        Phrase = name,
        References = [Reference.FromFile(Repository.SubjectPicture(name == "fox" ? "dog" : name))],
    };

    private static Reference Picture(string name) => Reference.FromFile(Repository.SubjectPicture(name));

    public sealed class ToyboxWithFastComposer : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

        public ToyboxWithFastComposer()
        {
            ToyboxFolder.LinkTo(folder);
            Directory.CreateDirectory(Own);
            Directory.CreateSymbolicLink(Path.Combine(folder, "adapters", "ms-diffusion"), Path.Combine(ToyboxFolder.Path, "adapters", "ms-diffusion"));
            File.WriteAllText(Path.Combine(Own, "config.json"), new FastComposerConfig { MostSubjects = 2, Start = .5, Cleaning = default }.ToJson());
            using var scope = NewDisposeScope();
            Checkpoint.Save(Tensors(), WeightsPath);
            Painter = new(BaseModel.Load(folder));
        }

        public Painter Painter { get; }

        private string Own => Path.Combine(folder, "adapters", FastComposerMethod.Name);

        private string WeightsPath => Path.Combine(Own, "adapter.safetensors");

        /// <summary>A fusing network, a changed layer of the denoiser and one of the image encoder.</summary>
        public Dictionary<string, Tensor> Tensors()
        {
            using var network = new PostfuseNetwork(new(192, 192));
            using var random = new Generator(5, CPU);
            var tensors = network.state_dict().ToDictionary(
                item => $"postfuse_module.{item.Key}", item => item.Value.dim() == 1 ? item.Value.clone() : randn(item.Value.shape, generator: random));
            tensors.Add($"unet.{Keys}", randn([128, 192], generator: random) / 10);
            tensors.Add("image_encoder.vision_model.post_layernorm.bias", ones(192));
            return tensors;
        }

        internal void LoadWith(IReadOnlyDictionary<string, Tensor> tensors)
        {
            var spoiled = Directory.CreateTempSubdirectory("dramatis-").FullName;
            try
            {
                ToyboxFolder.LinkTo(spoiled);
                var own = Directory.CreateDirectory(Path.Combine(spoiled, "adapters", FastComposerMethod.Name)).FullName;
                Checkpoint.Save(tensors, Path.Combine(own, "adapter.safetensors"));
                using var model = BaseModel.Load(spoiled);
                FastComposerMethod.Load(model).Dispose();
            }
            finally
            {
                Directory.Delete(spoiled, recursive: true);
            }
        }

        public void Dispose()
        {
            Painter.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }
}
