using Dramatis.Methods.TextualInversion;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.MsDiffusion;

/// <summary>What was learned as words or as a residual, on a model whose prior reads the states of words, and on one whose prior reads others.</summary>
public sealed class LearnedImaginationTests : IDisposable
{
    private static readonly Subject Fox = new() { Phrase = "fox", Place = new(.05, .3, .5, .95) };

    private static readonly GenerationRequest Order = new() { Prompt = "a {fox} on a beach", Subjects = [Fox], Size = new(64, 64), Steps = 2, Seed = 1 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly BaseModel model;

    public LearnedImaginationTests()
    {
        ToyboxFolder.LinkWithPriorTo(folder);
        model = BaseModel.Load(folder);
    }

    public void Dispose()
    {
        model.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_residual_moves_what_is_imagined_unless_the_subject_names_another_method()
    {
        using var painter = new Painter(model, leaveOpen: true);
        var (one, other) = (Fox with { Learned = [Residual(1)] }, Fox with { Learned = [Residual(2)] });

        Assert.Equal("cones2, ms-diffusion", Keepers(painter, one));
        Assert.Equal("cones2", Keepers(painter, one with { Method = "cones2" }));
        Assert.NotEqual(Paint(painter, one), Paint(painter, other));
        Assert.NotEqual(Paint(painter, one), Paint(painter, one with { Method = "cones2" }));
    }

    [Fact]
    public void A_learned_word_is_imagined_as_it_stands_in_the_prompt()
    {
        using var painter = new Painter(model, leaveOpen: true);
        var (one, other) = (Fox with { Learned = [Word("one", 1)] }, Fox with { Learned = [Word("other", 2)] });

        Assert.Equal("cones2, ms-diffusion", Keepers(painter, one));
        Assert.Equal("ms-diffusion", Keepers(painter, one with { Method = "ms-diffusion" }));
        Assert.NotEqual(
            Paint(painter, one with { Method = "ms-diffusion" }), Paint(painter, other with { Method = "ms-diffusion" }));
    }

    [Fact]
    public void A_prior_that_reads_the_end_of_texts_imagines_nothing_that_was_learned()
    {
        var other = Directory.CreateTempSubdirectory("dramatis-");
        ToyboxFolder.LinkWithTextPriorTo(other.FullName);
        using (var painter = new Painter(BaseModel.Load(other.FullName)))
        {
            Assert.Equal("cones2", Keepers(painter, Fox with { Learned = [Residual(1)] }));
            Assert.Equal("cones2", Keepers(painter, Fox with { Learned = [Word("one", 1)] }));
            using var plain = BaseModel.Load(other.FullName);
            using var learning = LearningModel.ThatImagines(plain);
            Assert.Null(learning.Imagining);
        }

        other.Delete(recursive: true);
    }

    [Fact]
    public void Learning_sees_through_the_prior_where_the_subject_stands()
    {
        using var scope = NewDisposeScope();
        using var learning = LearningModel.ThatImagines(model);
        var (inside, outside) = (Gradient(.1f, .9f), Gradient(0, 0));

        Assert.True(inside > 0);
        Assert.Equal(0, outside);

        float Gradient(float from, float to)
        {
            var ids = model.Tokenizer.EncodeUnpadded("fox");
            using var batch = new DenoisingBatch
            {
                Latents = ones(1, model.UNet.Config.InChannels, 8, 8),
                Noise = zeros(1, model.UNet.Config.InChannels, 8, 8),
                Timesteps = full(1, 500, dtype: ScalarType.Int64),
                Phrases = [ids],
                Places = tensor(new[] { from, from, to, to }).view(1, 4),
            };
            var text = model.ReadText(TokenIds.Of([model.Tokenizer.Encode("fox")]), null).Text.detach();
            var states = ones(1, 192).requires_grad_(true);
            learning.SquaredErrors(batch, text, phrase: (states, text[.., ^1])).mean().backward();
            return states.grad is { } grad ? grad.abs().sum().item<float>() : 0;
        }
    }

    [Fact]
    public void Previews_show_what_is_imagined_of_the_words()
    {
        using var scope = NewDisposeScope();
        using var learning = LearningModel.ThatImagines(model);
        using var plain = new LearningModel(model);
        var sheet = new LearnedSheet(model, 64);
        var (text, pooled) = learning.Encode(TokenIds.Of([model.Tokenizer.Encode(""), model.Tokenizer.Encode("a fox")]), null);
        var shown = new[] { Drawn(learning, "fox"), Drawn(learning, "snail"), Drawn(plain, "fox"), Drawn(plain, "snail") };

        Assert.NotEqual(shown[0], shown[1]);
        Assert.NotEqual(shown[0], shown[2]);
        Assert.Equal(shown[2], shown[3]);    // nothing is imagined: the text alone counts

        byte[] Drawn(LearningModel from, string words)
        {
            using var session = from.Preview(words);
            return sheet.Draw([new("fox.png", Picture.Filled(64, 64, Rgb.Gray(128)))], new(text, pooled), session).Rgba;
        }
    }

    private static string Keepers(Painter painter, Subject subject) =>
        string.Join(", ", painter.Prepare(Order with { Subjects = [subject] }).Subjects[0].Keepers.Select(method => method.Name));

    private static byte[] Paint(Painter painter, Subject subject) =>
        painter.Paint(Order with { Subjects = [subject] }, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private string Residual(int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var path = Path.Combine(folder, $"residual-{seed}.pt");
        Dramatis.Methods.Residual.Write(path, .1 * randn([model.Tokenizer.EncodeWords("fox").Count, 192], generator: generator));
        return path;
    }

    private string Word(string name, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var path = Path.Combine(folder, $"{name}.safetensors");
        EmbeddingFile.Write(path, [new(ModelNetwork.TextEncoder, $"<{name}>", randn([1, 192], generator: generator))]);
        return path;
    }
}
