using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Methods.TextualInversion;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.TestKit;
using Dramatis.Tests.Training;
using Dramatis.Tests.Verification;
using Dramatis.Training;
using Dramatis.Training.Subjects;
using Dramatis.Training.TextualInversion;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.TextualInversion;

/// <summary>New words of a tiny model with SDXL's two text encoders.</summary>
public sealed class TwoEncodersTests : IDisposable
{
    private const int Side = 24;

    // Of few tokens for both tokenizers.
    private const string Known = "dog";

    // The smallest that is painted.
    private static readonly PixelSize Small = new(64, 64);

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Both_encoders_learn_a_word_and_nothing_else_does()
    {
        using var scope = NewDisposeScope();
        using var stage = Stage();

        using var loss = stage.Loss(new(new(0, 3), 0, 2));
        loss.Total.backward();

        var words = stage.Networks.named_parameters().ToArray();
        Assert.Equal(["text_encoder", "text_encoder_2"], words.Select(word => word.name));
        Assert.All(words, word => Assert.True(word.parameter.grad!.abs().max().item<float>() > 0, word.name));
    }

    [Fact]
    public void The_file_has_rows_of_both_and_paints()
    {
        Learn("run");
        var file = FileOf("run");
        using var model = Load();
        using var painter = new Painter(model, leaveOpen: true);
        var request = new GenerationRequest { Prompt = "a toy", Size = Small, Steps = 2, Seed = 3, Subjects = [new() { Phrase = "toy", Learned = [file] }] };

        var learned = Paint(painter, request);

        using var archive = TensorArchive.Open(file);
        Assert.Equal(["clip_g", "clip_l"], archive.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(learned, Paint(painter, request with { Prompt = "a <toy>", Subjects = [], Loras = [new(file)] }));
        Assert.NotEqual(learned, Paint(painter, request with { Subjects = [] }));
    }

    [Fact]
    public void A_word_with_a_known_word_s_rows_paints_what_that_paints()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        using var painter = new Painter(model, leaveOpen: true);
        var file = Path.Combine(folder, "word.safetensors");
        EmbeddingFile.Write(file, [Copy(model, ModelNetwork.TextEncoder, model.Tokenizer.EncodeWords(Known)),
            Copy(model, ModelNetwork.SecondTextEncoder, model.SecondTokenizer!.EncodeWords(Known))]);
        var request = new GenerationRequest { Prompt = $"a {Known}", Size = Small, Steps = 2, Seed = 3 };

        Assert.Equal(Paint(painter, request), Paint(painter, request with { Prompt = "a <toy>", Loras = [new(file)] }));
    }

    [Theory]
    [InlineData(ModelNetwork.TextEncoder)]
    [InlineData(ModelNetwork.SecondTextEncoder)]
    public void A_word_of_one_encoder_alone_is_text_to_the_other(Enum encoder)
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        using var painter = new Painter(model, leaveOpen: true);
        var isFirst = (ModelNetwork)encoder == ModelNetwork.TextEncoder;
        var file = Path.Combine(folder, "toy.safetensors");
        EmbeddingFile.Write(file, [Copy(model, (ModelNetwork)encoder, (isFirst ? model.Tokenizer : model.SecondTokenizer!).EncodeWords("house"))]);
        var request = new GenerationRequest { Prompt = $"a {Known}", Size = Small, Steps = 2, Seed = 3 };

        // The encoder with rows reads a house, the other one a dog.
        var subject = Paint(painter, request with { Subjects = [new() { Phrase = Known, Learned = [new(file, LearnedKind.Embedding)] }] });

        Assert.NotEqual(Paint(painter, request), subject);
        Assert.NotEqual(Paint(painter, request with { Prompt = "a house" }), subject);
    }

    [Fact]
    public void Two_files_of_one_encoder_each_are_one_word()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        using var painter = new Painter(model, leaveOpen: true);
        string[] files = [Path.Combine(folder, "learned_embeds.safetensors"), Path.Combine(folder, "learned_embeds_2.safetensors")];
        EmbeddingFile.Write(files[0], [Copy(model, ModelNetwork.TextEncoder, model.Tokenizer.EncodeWords(Known))]);
        EmbeddingFile.Write(files[1], [Copy(model, ModelNetwork.SecondTextEncoder, model.SecondTokenizer!.EncodeWords(Known))]);
        var request = new GenerationRequest { Prompt = $"a {Known}", Size = Small, Steps = 2, Seed = 3 };

        Assert.Equal(Paint(painter, request), Paint(painter, request with { Prompt = "a <toy>", Loras = [new(files[0]), new(files[1])] }));
        Assert.Equal(Paint(painter, request), Paint(painter, request with
        {
            Prompt = "a toy",
            Subjects = [new() { Phrase = "toy", Learned = [.. files.Select(file => new LearnedFile(file, LearnedKind.Embedding))] }],
        }));
    }

    [Slow]
    [Fact]
    public void A_learning_that_was_stopped_ends_with_the_same_bits()
    {
        Learn("whole");
        Learn("parts", stopAfter: 1);

        Learn("parts");

        Assert.Equal(File.ReadAllBytes(FileOf("whole")), File.ReadAllBytes(FileOf("parts")));
    }

    private string FileOf(string run) => Path.Combine(folder, run, Trainer.ModelFolder, TextualInversionLearner.FileName);

    private void Learn(string run, int? stopAfter = null)
    {
        using var stage = Stage();
        StoppableRun.Of(stage, Path.Combine(folder, run), stopAfter);
    }

    private static BaseModel Load()
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        return BaseModel.Load(Path.Combine(GoldenData.Root!, "pipelines", "models", "sdxl"));
    }

    private static SubjectStage Stage()
    {
        var picture = Picture.Filled(Side, Side, new(200, 40, 90));
        return new(
            new TextualInversionLearner(new(Load()), new() { Word = "<toy>", Initializer = Known, TakesMean = true, Vectors = 2 }),
            new()
            {
                Method = "textual-inversion",
                Subjects = [new() { Phrase = "<toy>", Pictures = [.. Enumerable.Range(0, 3).Select(_ => new SubjectPicture("toy.png", picture))],
                    Text = _ => "a photo of a <toy>" }],
                View = ViewMakers.Stretched(Side),
                Side = Side,
                Seed = 3,
            },
            CancellationToken.None);
    }

    private static NewWord Copy(BaseModel model, ModelNetwork encoder, IReadOnlyList<int> ids) =>
        new(encoder, "<toy>", model.NetworkOf(encoder)!.get_parameter(LayerNames.TokenTable)!.detach().index_select(
            0, tensor(ids.Select(id => (long)id).ToArray())));

    private static byte[] Paint(Painter painter, GenerationRequest request) =>
        painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;
}
