using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Sampling;
using Dramatis.Schedules;
using Dramatis.Tensors;
using Dramatis.Tests.Verification;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Subjects;

public sealed class LearnedSheetTests
{
    private const int Side = 64;
    private const string Prompt = "a dog on a beach";

    [Theory]
    [InlineData("sd15")]
    [InlineData("sdxl")]
    public void A_sheet_shows_what_is_painted_of_the_same_words(string name)
    {
        Assert.SkipWhen(GoldenData.Root is null, "no golden data");
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var model = BaseModel.Load(Path.Combine(GoldenData.Root!, "pipelines", "models", name));
        var picture = SampleSubjects.Picture("rose");
        string[] texts = ["", Prompt];
        var (text, pooled) = model.ReadText(
            TokenIds.Of([.. texts.Select(model.Tokenizer.Encode)]),
            model.SecondTokenizer is { } second ? TokenIds.Of([.. texts.Select(second.Encode)]) : null);

        var sheet = new LearnedSheet(model, Side).Draw([picture], new(text, pooled), ConditioningSession.None);

        var expected = SampleSheet.Grid([[picture.Picture.Resize(new(Side, Side))], [.. new ulong[] { 0, 1, 2, 3 }.Select(seed => Paint(model, seed))]]);
        Assert.Equal(expected.ToRgb(), sheet.ToRgb());
    }

    private static Picture Paint(BaseModel model, ulong seed)
    {
        var painter = new TextToImage(model);
        var run = new TextToImageRun
        {
            Prompts = [Prompt],
            NegativePrompts = [""],
            Size = new(Side, Side),
            Steps = model.Defaults.Steps,
            Sampler = SamplerKind.Ddim,
            Scheduler = model.Scheduler,
            Guidance = model.Defaults.Guidance,
        };
        using var noise = new Noise(seed);
        var latents = painter.Sample(run, painter.Start(noise, 1, run.Size), noise, CancellationToken.None);
        return PicturePixels.ToPictures(painter.Decode(latents))[0];
    }
}
