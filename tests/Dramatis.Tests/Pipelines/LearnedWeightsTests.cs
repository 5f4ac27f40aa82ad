using Dramatis.Errors;
using Dramatis.Methods.CustomDiffusion;
using Dramatis.Methods.Lora;
using Dramatis.Methods.TextualInversion;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Training.TextualInversion;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

/// <summary>Learned files on the embedded model, at few steps.</summary>
public sealed class LearnedWeightsTests : IClassFixture<ToyboxWithoutPrior>, IDisposable
{
    private const string Keys = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight";

    private static readonly GenerationRequest Request = new() { Prompt = "a dog on a beach", Size = new(64, 64), Steps = 2, Seed = 7 };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly BaseModel model;
    private readonly Painter painter;

    public LearnedWeightsTests(ToyboxWithoutPrior toybox) => (model, painter) = (toybox.Model, toybox.Painter);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_LoRA_changes_the_picture_while_it_is_asked_for_and_leaves_no_trace()
    {
        var plain = Paint(Request);
        var learned = Paint(Request with { Loras = [new(Lora("style"))] });

        Assert.NotEqual(plain, learned);
        Assert.Equal(plain, Paint(Request));
        Assert.Equal(learned, Paint(Request with { Loras = [new(Lora("style"))] }));
        Assert.Equal(plain, Paint(Request with { Loras = [new(Lora("style"), 0)] }));
    }

    [Fact]
    public void Several_LoRAs_count_each_with_its_scale()
    {
        var both = Request with { Loras = [new(Lora("style")), new(Lora("look"), .5)] };
        var picture = Paint(both);

        Assert.NotEqual(picture, Paint(both with { Loras = [both.Loras[0]] }));
        Assert.NotEqual(picture, Paint(both with { Loras = [both.Loras[1]] }));
        Assert.NotEqual(picture, Paint(both with { Loras = [both.Loras[0], both.Loras[1] with { Scale = .6 }] }));
        Assert.Equal(picture, Paint(both));
    }

    [Fact]
    public void A_subject_s_LoRA_is_as_strong_as_the_subject()
    {
        var subject = new Subject { Phrase = "dog", Learned = [Lora("look")] };

        Assert.Equal(Paint(Request with { Loras = [new(Lora("look"), .7)] }), Paint(Request with { Subjects = [subject with { Strength = .7 }] }));
        Assert.Equal(Paint(Request), Paint(Request with { Subjects = [subject with { Strength = 0 }] }));
    }

    [Theory]
    [InlineData("a {0} on a beach", false)]
    [InlineData("a ({0}:1.3) on a beach", true)]
    public void A_learned_word_stands_where_the_phrase_stands(string prompt, bool weights)
    {
        var order = Request with { PromptWeights = weights };
        var subject = new Subject { Phrase = "toy", Learned = [Word("dog", "<anything>")] };
        var dog = Paint(order with { Prompt = Of("dog") });

        Assert.Equal(dog, Paint(order with { Prompt = Of("toy"), Subjects = [subject] }));
        Assert.Equal(Paint(order with { Prompt = Of("toy") }), Paint(order with { Prompt = Of("toy"), Subjects = [subject with { Strength = 0 }] }));

        string Of(string word) => prompt.Replace("{0}", word, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_subjects_of_one_phrase_may_be_two_learned_words()
    {
        var request = Request with
        {
            Prompt = "a toy and a toy",
            Subjects = [new() { Phrase = "toy", Learned = [Word("dog", "<a>")] }, new() { Phrase = "toy", Learned = [Word("house", "<a>")] }],
        };

        Assert.Equal(Paint(Request with { Prompt = "a dog and a house" }), Paint(request));
    }

    [Fact]
    public void A_word_on_the_model_may_stand_anywhere()
    {
        var dog = Request with { Prompt = "a dog", NegativePrompt = "a house" };
        var learned = Request with { Prompt = "a <one>", NegativePrompt = "a <two>", Loras = [new(Word("dog", "<one>")), new(Word("house", "<two>"))] };

        Assert.Equal(Paint(dog), Paint(learned));
    }

    [Theory]
    [InlineData("a <one>", "", null)]
    [InlineData("a dog", "a <one>", null)]
    [InlineData("a dog", "", "brings \"<one>\", which stands in neither prompt")]
    public void A_word_that_stands_in_neither_prompt_is_told(string prompt, string negative, string? words)
    {
        var told = new List<(string Field, string Text)>();
        var request = Request with { Prompt = prompt, NegativePrompt = negative, Guidance = 2, Loras = [new(Word("dog", "<one>")), new(Lora("style"), .1)] };

        painter.Paint(request, new() { Notice = (field, text) => told.Add((field, text)) }, TestContext.Current.CancellationToken);

        Assert.Equal(words is null ? 0 : 1, told.Count);
        Assert.All(told, notice => Assert.Equal("loras[0]", notice.Field));
        Assert.All(told, notice => Assert.StartsWith(words!, notice.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_word_without_a_name_is_called_as_its_file_is_and_that_is_told()
    {
        using var scope = NewDisposeScope();
        var id = WordStart.IdOf(model.Tokenizer, "house");
        var file = Save("EasyNegative", ("emb_params", model.TextEncoder.get_parameter("text_model.embeddings.token_embedding.weight")![id..(id + 1)].clone()));
        var request = Request with { NegativePrompt = "ugly, easynegative!", Loras = [new(file)] };
        var notices = new List<(string Field, string Text)>();

        var picture = painter.Paint(
            request, new() { Notice = (field, text) => notices.Add((field, text)) }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Paint(Request with { NegativePrompt = "ugly, house!" }), picture.Rgba);
        Assert.Contains(notices, notice => notice.Field == "loras[0]" && notice.Text.Contains("\"EasyNegative\"", StringComparison.Ordinal));
        Assert.Equal(Paint(Request with { NegativePrompt = "uneasynegatives" }), Paint(request with { NegativePrompt = "uneasynegatives" }));
    }

    [Fact]
    public void Layers_of_Custom_Diffusion_go_with_their_word()
    {
        var path = Path.Combine(folder, CustomDiffusionFile.FileName);
        using (var layer = new WeightPatch("", [new NewValues(ModelNetwork.UNet, Keys, zeros_like(model.UNet.get_parameter(Keys)!).DetachFromDisposeScope())]))
        {
            CustomDiffusionFile.Write(path, layer.Changes.Cast<NewValues>());
        }

        var subject = new Subject { Phrase = "toy", Learned = [path, Word("dog", "<new1>")] };

        var picture = Paint(Request with { Prompt = "a toy on a beach", Subjects = [subject] });

        Assert.Equal(Paint(Request with { Loras = [new(path)] }), picture);
        Assert.NotEqual(Paint(Request), picture);
    }

    [Fact]
    public void A_learned_subject_with_a_place_has_its_words_steered_there()
    {
        var subject = new Subject { Phrase = "dog", Learned = [Word("dog", "<dog>")] };
        var left = Paint(Request with { Subjects = [subject with { Place = new(0, .2, .5, .9) }] });

        Assert.NotEqual(Paint(Request with { Subjects = [subject] }), left);
        Assert.NotEqual(Paint(Request with { Subjects = [subject with { Place = new(.5, .2, 1, .9) }] }), left);
    }

    [Fact]
    public void A_file_that_was_written_anew_is_read_anew()
    {
        var first = Paint(Request with { Loras = [new(Lora("style"))] });
        File.Copy(Lora("other"), Path.Combine(folder, "style.safetensors"), overwrite: true);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "style.safetensors"), DateTime.UtcNow.AddMinutes(1));

        Assert.NotEqual(first, Paint(Request with { Loras = [new(Path.Combine(folder, "style.safetensors"))] }));
    }

    [Fact]
    public void A_model_whose_weights_are_kept_as_stored_paints_the_same()
    {
        using var narrow = new Painter(BaseModel.Load(model.Folder.Path, new() { Storage = WeightStorage.AsStored }));
        var request = Request with { Size = new(128, 128), Loras = [new(Lora("style"), .5)], Subjects = [new() { Phrase = "dog", Learned = [Word("house", "<house>")] }] };

        Assert.Equal(Paint(request), narrow.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name_and_the_model_stays_as_it_was()
    {
        var plain = Paint(Request);
        var wide = Save("wide", ("<wide>", zeros(1, 1024)));
        var foreign = Save("foreign", ("lora_unet_nowhere.lora_down.weight", zeros(2, 4)), ("lora_unet_nowhere.lora_up.weight", zeros(4, 2)));
        var larger = Save("larger", ($"unet.{Keys[..^7]}.lora.down.weight", zeros(2, 999)), ($"unet.{Keys[..^7]}.lora.up.weight", zeros(4, 2)));
        var half = Save("half", ($"unet.{Keys[..^7]}.lora.down.weight", zeros(2, 192)));
        var nothing = Save("nothing", ("a.b.c.d", zeros(2, 2, 2, 2)));

        Assert.Contains("1024", Refusal<InvalidCheckpointException>(wide), StringComparison.Ordinal);
        Assert.Contains("lora_unet_nowhere", Refusal<WeightMismatchException>(foreign), StringComparison.Ordinal);
        Assert.Contains("of another shape", Refusal<WeightMismatchException>(larger), StringComparison.Ordinal);
        Assert.Contains("up of unet.", Refusal<WeightMismatchException>(half), StringComparison.Ordinal);
        Assert.Contains("is no LoRA", Refusal<InvalidCheckpointException>(nothing), StringComparison.Ordinal);
        Assert.Contains("none.safetensors", Refusal<InvalidCheckpointException>(Path.Combine(folder, "none.safetensors")), StringComparison.Ordinal);
        Assert.Contains("<same>", Refusal<InvalidCheckpointException>(Word("dog", "<same>"), Word("house", "<same>")), StringComparison.Ordinal);
        Assert.Equal(plain, Paint(Request));

        string Refusal<T>(params string[] files)
            where T : DramatisException => Assert.Throws<T>(() => Paint(Request with
            {
                Loras = [new(Lora("style")),
                .. files.Select(file => new Lora(file))]
            })).Message;
    }

    [Fact]
    public void A_method_that_keeps_pictures_says_so_to_a_subject_without_any()
    {
        var error = Assert.Throws<InvalidRequestException>(
            () => Paint(Request with { Subjects = [new() { Phrase = "dog", Learned = [Lora("style")], Method = "ms-diffusion" }] }));

        Assert.Equal("subjects[0].references", error.Field);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        var request = Request with { Loras = [new(Lora("style"))], Subjects = [new() { Phrase = "dog", Learned = [Word("dog", "<dog>")] }] };
        Paint(request);    // lets go of the files of a request that was refused before
        Paint(Request);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Paint(request);
        Paint(request);
        Paint(Request);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private byte[] Paint(GenerationRequest request) => painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private string Lora(string name)
    {
        var path = Path.Combine(folder, $"{name}.safetensors");
        if (!File.Exists(path))
        {
            using var scope = NewDisposeScope();
            using var random = new Generator((ulong)name.Sum(letter => letter), CPU);
            var shape = model.UNet.get_parameter(Keys)!.shape;
            var change = new LowRankChange(ModelNetwork.UNet, Keys, randn([4, shape[1]], generator: random), randn([shape[0], 4], generator: random), 1);
            LoraWriter.Write(path, [change]);
        }

        return path;
    }

    // Its rows are those of a word that the model knows.
    private string Word(string known, string name)
    {
        using var scope = NewDisposeScope();
        var path = Path.Combine(folder, $"{known}-{name.Trim('<', '>')}.safetensors");
        var id = WordStart.IdOf(model.Tokenizer, known);
        EmbeddingFile.Write(path, [new(ModelNetwork.TextEncoder, name,
            model.TextEncoder.get_parameter("text_model.embeddings.token_embedding.weight")![id..(id + 1)])]);
        return path;
    }

    private string Save(string name, params (string Name, Tensor Values)[] tensors)
    {
        var path = Path.Combine(folder, $"{name}.safetensors");
        Checkpoint.Save(tensors.ToDictionary(item => item.Name, item => item.Values), path);
        Array.ForEach(tensors, item => item.Values.Dispose());
        return path;
    }
}
