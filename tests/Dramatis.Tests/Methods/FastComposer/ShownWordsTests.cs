using Dramatis.Errors;
using Dramatis.Methods.FastComposer;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.FastComposer;

/// <summary>FastComposer whose words the model's prior imagines, and the same without.</summary>
public sealed class ShownWordsTests : IDisposable
{
    private static readonly GenerationRequest Order = new()
    {
        Prompt = "a {fox} on a beach",
        Subjects = [Fox("dog")],
        Method = "fastcomposer",
        Size = new(64, 64),
        Steps = 3,
        Seed = 4,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public ShownWordsTests() => ToyboxFolder.LinkWithPriorTo(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_method_that_paints_what_is_imagined_acts_beside_it_at_the_place()
    {
        WriteAdapter(folder, isImagined: true);
        using var painter = new Painter(BaseModel.Load(folder));
        var placed = Order with { Subjects = [Fox("dog") with { Place = new(.1, .1, .5, .9) }] };
        var told = new List<string>();

        Assert.Equal(["fastcomposer", "ms-diffusion"], Keepers(painter, placed));
        var left = painter.Paint(placed, new() { Notice = (field, _) => told.Add(field) }, TestContext.Current.CancellationToken).Rgba;
        Assert.Empty(told);
        Assert.NotEqual(left, Paint(painter, Order with { Subjects = [Fox("dog") with { Place = new(.5, .1, .9, .9) }] }));
        Assert.NotEqual(left, Paint(painter, Order with { Subjects = [Fox("tiger") with { Place = new(.1, .1, .5, .9) }] }));
    }

    [Fact]
    public void What_is_imagined_begins_when_the_word_means_its_picture()
    {
        WriteAdapter(folder, isImagined: true, start: 1);
        using var late = new Painter(BaseModel.Load(folder));

        Assert.Equal(Paint(late, Order with { Subjects = [Fox("dog") with { Strength = 0 }] }), Paint(late, Order));
        Assert.NotEqual(Paint(late, Order), Paint(late, Order with { Subjects = [Fox("dog") with { Start = 0 }] }));
    }

    [Fact]
    public void An_adapter_that_says_nothing_of_it_acts_alone()
    {
        WriteAdapter(folder, isImagined: false);
        using var painter = new Painter(BaseModel.Load(folder));

        Assert.Equal(["fastcomposer"], Keepers(painter, Order));
    }

    [Fact]
    public void A_word_beyond_what_the_model_reads_is_not_imagined()
    {
        WriteAdapter(folder, isImagined: true);
        using var painter = new Painter(BaseModel.Load(folder));
        var beyond = Order with { Prompt = string.Concat(Enumerable.Repeat("sand ", 90)) + "and a fox" };

        Assert.Equal(Paint(painter, beyond with { Subjects = [Fox("dog") with { Strength = 0 }] }), Paint(painter, beyond));
    }

    [Fact]
    public void A_model_that_cannot_imagine_them_is_refused()
    {
        var plain = Directory.CreateTempSubdirectory("dramatis-").FullName;
        ToyboxFolder.LinkTo(plain);
        ToyboxFolder.LinkAdapterTo(plain, "ms-diffusion");
        WriteAdapter(plain, isImagined: true);
        using (var painter = new Painter(BaseModel.Load(plain)))
        {
            var error = Assert.Throws<InvalidConfigException>(() => painter.Prepare(Order));

            Assert.Contains("imagined", error.Message, StringComparison.Ordinal);
            Assert.Contains("prior", error.Message, StringComparison.Ordinal);
        }

        Directory.Delete(plain, recursive: true);
    }

    private static Subject Fox(string picture) => new() { Phrase = "fox", References = [Reference.FromFile(Repository.SubjectPicture(picture))] };

    private static IEnumerable<string> Keepers(Painter painter, GenerationRequest request) =>
        painter.Prepare(request).Subjects[0].Keepers.Select(method => method.Name);

    private static byte[] Paint(Painter painter, GenerationRequest request) =>
        painter.Paint(request, cancellationToken: TestContext.Current.CancellationToken).Rgba;

    private static void WriteAdapter(string model, bool isImagined, double start = 0)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5, CPU);
        using var network = new PostfuseNetwork(new(192, 192));
        var tensors = network.state_dict().ToDictionary(
            item => $"postfuse_module.{item.Key}", item => item.Value.dim() == 1 ? item.Value.clone() : randn(item.Value.shape, generator: random));
        tensors["postfuse_module.layer_norm.weight"] *= .01;    // near the states that the prior knows
        new ModelWriter(model).Adapter(
            FastComposerMethod.Name, new FastComposerConfig { Start = start, Cleaning = default, IsImagined = isImagined }.ToJson(), tensors);
    }
}
