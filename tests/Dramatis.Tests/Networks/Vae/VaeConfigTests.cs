using Dramatis.Errors;
using Dramatis.Networks.Vae;

namespace Dramatis.Tests.Networks.Vae;

public sealed class VaeConfigTests
{
    private const string Published = """
        {
          "_class_name": "AutoencoderKL", "act_fn": "silu", "block_out_channels": [128, 256, 512, 512],
          "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
          "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"],
          "latent_channels": 4, "layers_per_block": 2, "scaling_factor": 0.13025, "shift_factor": null, "sample_size": 512
        }
        """;

    [Fact]
    public void A_published_config_is_read_and_what_it_leaves_out_has_the_reference_s_default()
    {
        var config = VaeConfig.Parse(Published);

        Assert.Equal([128, 256, 512, 512], config.BlockWidths);
        Assert.Equal(2, config.LayersPerBlock);
        Assert.Equal(0.13025, config.ScalingFactor);
        Assert.Null(config.ShiftFactor);
        Assert.Equal(32, config.NormGroups);
        Assert.Equal(8, config.Factor);
    }

    [Theory]
    [InlineData("\"silu\"", "\"gelu\"", "act_fn")]
    [InlineData("\"UpDecoderBlock2D\"]", "\"AttnUpDecoderBlock2D\"]", "up_block_types")]
    [InlineData(", \"UpDecoderBlock2D\"]", "]", "up_block_types")]
    [InlineData("[128,", "[0,", "block_out_channels")]
    [InlineData("[128,", "[100,", "norm_num_groups")]
    [InlineData("0.13025", "\"large\"", "scaling_factor")]
    [InlineData("0.13025", "0", "scaling_factor")]
    [InlineData("AutoencoderKL", "AutoencoderDC", "_class_name")]
    [InlineData("\"block_out_channels\"", "\"channels\"", "block_out_channels")]
    public void What_cannot_be_built_is_refused_by_the_field_s_name(string from, string to, string field)
    {
        var json = Published.Replace(from, to, StringComparison.Ordinal);

        var error = Assert.Throws<InvalidConfigException>(() => VaeConfig.Parse(json, "vae/config.json"));

        Assert.Equal("vae/config.json", error.Path);
        Assert.Contains($"\"{field}\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var config = new VaeConfig
        {
            BlockWidths = [16, 32, 64, 96],
            LatentChannels = 8,
            NormGroups = 8,
            ScalingFactor = 0.4,
            ShiftFactor = -0.1,
            QuantConv = false,
        };

        var again = VaeConfig.Parse(config.ToJson());

        Assert.Equal(config.BlockWidths, again.BlockWidths);
        Assert.Equal(config, again with { BlockWidths = config.BlockWidths });
    }

    [Fact]
    public void A_text_that_is_no_json_is_refused()
    {
        Assert.Throws<InvalidConfigException>(() => VaeConfig.Parse("{"));
    }
}
