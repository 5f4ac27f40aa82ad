using Dramatis.Methods.Lora;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Pipelines;

/// <summary>What is for one caller at a time says so to the second one, and what is disposed says that.</summary>
public sealed class SoleUseTests : IDisposable
{
    private const string Keys = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight";

    private static readonly GenerationRequest Request = new() { Prompt = "a dog on a beach", Size = new(64, 64), Steps = 2, Seed = 7 };

    private readonly string lora = Path.Combine(Path.GetTempPath(), $"dramatis-{Guid.NewGuid():N}.safetensors");
    private readonly BaseModel model = BaseModel.Load(ToyboxFolder.Path);
    private readonly Painter painter;

    public SoleUseTests() => painter = new(model);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        painter.Dispose();
        File.Delete(lora);
    }

    [Fact]
    public void A_second_thread_is_refused_and_the_first_one_s_picture_is_what_it_is_alone()
    {
        var alone = painter.Paint(Request, cancellationToken: Test).Rgba;
        Exception? second = null;

        var disturbed = Meanwhile(painter, () => second = Record.Exception(() => painter.Paint(Request with { Seed = 8 }, cancellationToken: Test)));

        Assert.Equal(alone, disturbed);
        Assert.Contains("ImageGenerator", Assert.IsType<InvalidOperationException>(second).Message, StringComparison.Ordinal);
        Assert.Equal(alone, painter.Paint(Request, cancellationToken: Test).Rgba);
    }

    [Fact]
    public void A_callback_is_refused_as_another_thread_is()
    {
        Exception? second = null;
        var watch = new PaintWatch { Step = (_, _) => second = Record.Exception(() => painter.Paint(Request, cancellationToken: Test)) };

        painter.Paint(Request, watch, Test);

        Assert.IsType<InvalidOperationException>(second);
    }

    [Fact]
    public void Two_painters_of_one_model_are_two_callers_of_it()
    {
        using var other = new Painter(model, leaveOpen: true);
        Exception? second = null;

        Meanwhile(painter, () => second = Record.Exception(() => other.Paint(Request, cancellationToken: Test)));

        Assert.Contains(nameof(BaseModel), Assert.IsType<InvalidOperationException>(second).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_at_work_cannot_be_disposed()
    {
        var (byPainter, byModel) = (default(Exception), default(Exception));

        Meanwhile(painter, () => (byPainter, byModel) = (Record.Exception(painter.Dispose), Record.Exception(model.Dispose)));

        Assert.IsType<InvalidOperationException>(byPainter);
        Assert.IsType<InvalidOperationException>(byModel);
        painter.Paint(Request, cancellationToken: Test);
    }

    [Fact]
    public void Painters_that_share_a_model_in_turn_do_not_see_each_other_s_files()
    {
        using var other = new Painter(model, leaveOpen: true);
        var style = Request with { Loras = [new(Lora())] };
        var plain = painter.Paint(Request, cancellationToken: Test).Rgba;
        var styled = painter.Paint(style, cancellationToken: Test).Rgba;

        Assert.NotEqual(plain, styled);
        Assert.Equal(plain, other.Paint(Request, cancellationToken: Test).Rgba);
        Assert.Equal(styled, other.Paint(style, cancellationToken: Test).Rgba);
        Assert.Equal(styled, painter.Paint(style, cancellationToken: Test).Rgba);
        other.Dispose();
        Assert.Equal(styled, painter.Paint(style, cancellationToken: Test).Rgba);
    }

    [Fact]
    public void What_is_disposed_says_so_and_may_be_disposed_again()
    {
        using var other = new Painter(model, leaveOpen: true);
        other.Paint(Request with { Loras = [new(Lora())] }, cancellationToken: Test);
        painter.Dispose();
        painter.Dispose();
        model.Dispose();

        Assert.Equal(typeof(Painter).FullName, Assert.Throws<ObjectDisposedException>(() => painter.Paint(Request, cancellationToken: Test)).ObjectName);
        Assert.Equal(typeof(BaseModel).FullName, Assert.Throws<ObjectDisposedException>(() => other.Paint(Request, cancellationToken: Test)).ObjectName);
        Assert.Throws<ObjectDisposedException>(() => new Painter(model));
    }

    [Fact]
    public async Task Two_generators_at_once_paint_what_each_paints_alone()
    {
        using var first = ImageGenerator.Open(ToyboxFolder.Path);
        using var second = ImageGenerator.Open(ToyboxFolder.Path);
        GenerationRequest[] requests = [Request with { Seed = 1 }, Request with { Seed = 2, Count = 2 }];
        var alone = (await first.PaintAsync(requests[0], Test), await first.PaintAsync(requests[1], Test));

        var together = await Task.WhenAll(first.PaintAsync(requests[0], Test), second.PaintAsync(requests[1], Test));

        Assert.Equal(alone.Item1.Concat(alone.Item2).Select(picture => picture.Png), together.SelectMany(pictures => pictures).Select(picture => picture.Png));
    }

    // What another thread does while the painter is between two steps.
    private static byte[] Meanwhile(Painter painter, Action work)
    {
        var watch = new PaintWatch
        {
            Step = (step, _) =>
            {
                if (step == 1)
                {
                    var thread = new Thread(() => work());
                    thread.Start();
                    thread.Join();
                }
            },
        };
        return painter.Paint(Request, watch, Test).Rgba;
    }

    private string Lora()
    {
        if (!File.Exists(lora))
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(1, CPU);
            var shape = model.UNet.get_parameter(Keys)!.shape;
            LoraWriter.Write(
                lora,
                [new LowRankChange(ModelNetwork.UNet, Keys, randn([4, shape[1]], generator: random), randn([shape[0], 4], generator: random), 1)]);
        }

        return lora;
    }
}
