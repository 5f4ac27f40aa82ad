using Dramatis.Errors;
using Dramatis.Networks.UNet;
using Dramatis.Training.Toybox;
using Dramatis.Weights;

namespace Dramatis.Tests.Weights;

public sealed class BaseModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(9, 192, "it must be that or, for inpainting, 17")]
    [InlineData(8, 160, "the text encoders are 192 wide")]
    public void Parts_that_are_not_of_one_model_are_told_when_it_is_loaded(int channels, int textWidth, string words)
    {
        ToyboxFolder.CopyTo(folder);
        var config = ToyboxSizes.Base.UNet with { InChannels = channels, TextWidth = textWidth };
        using var unet = new UNet(config);
        new ModelWriter(folder).Network(ModelNetwork.UNet, config.ToJson(), unet);

        var error = Assert.Throws<InvalidConfigException>(() => BaseModel.Load(folder));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_wants_pooled_text_needs_a_second_encoder()
    {
        ToyboxFolder.CopyTo(folder);
        var config = ToyboxSizes.Base.UNet with { Added = new(PooledWidth: 64, NumberWidth: 8) };
        using var unet = new UNet(config);
        new ModelWriter(folder).Network(ModelNetwork.UNet, config.ToJson(), unet);

        var error = Assert.Throws<InvalidConfigException>(() => BaseModel.Load(folder));

        Assert.Contains("text_encoder_2, which is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_with_ids_beyond_the_encoder_s_is_told_when_it_is_loaded()
    {
        ToyboxFolder.CopyTo(folder);
        File.WriteAllText(Path.Combine(folder, "tokenizer", "added_tokens.json"), """{ "<new>": 5000 }""");

        var error = Assert.Throws<InvalidConfigException>(() => BaseModel.Load(folder));

        Assert.Contains("gives ids up to 5000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_several_adapters_says_which_is_usual_and_otherwise_it_is_the_first_by_name()
    {
        ToyboxFolder.CopyTo(folder);
        using (var model = BaseModel.Load(folder))
        {
            Assert.Equal("ms-diffusion", model.Defaults.Method);
        }

        File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{ "steps": 20, "guidance_rescale": 0.7 }""");
        using var silent = BaseModel.Load(folder);

        Assert.Equal("easyref", silent.Defaults.Method);
        Assert.Equal(.7, silent.Defaults.GuidanceRescale);
    }
}
