using System.Text.Json.Nodes;
using Dramatis.Errors;
using Dramatis.Networks.Qwen2Vl;

namespace Dramatis.Tests.Networks.Qwen2Vl;

public sealed class Qwen2VlConfigTests
{
    [Fact]
    public void Settings_are_read_as_both_layouts_have_them()
    {
        var settings = JsonNode.Parse(TinyQwen.Settings(TinyQwen.Config))!.AsObject();
        var old = Qwen2VlConfig.Parse(settings.ToJsonString());
        var vision = settings["vision_config"]!.DeepClone();
        settings.Remove("vision_config");
        settings.Remove("model_type");
        var nested = new JsonObject { ["model_type"] = "qwen2_vl", ["text_config"] = settings, ["vision_config"] = vision };

        var read = Qwen2VlConfig.Parse(nested.ToJsonString());

        Assert.Equal(TinyQwen.Config with { RotarySections = old.RotarySections }, old);
        Assert.Equal(old with { RotarySections = read.RotarySections }, read);
        Assert.Equal([1, 1, 1], read.RotarySections);
    }

    [Theory]
    [InlineData("model_type", "\"qwen2_5_vl\"", "qwen2_5_vl")]
    [InlineData("hidden_act", "\"gelu\"", "gelu")]
    [InlineData("use_sliding_window", "true", "use_sliding_window")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads")]
    [InlineData("num_attention_heads", "5", "num_attention_heads")]
    [InlineData("rope_scaling", """{"mrope_section": [1, 1]}""", "mrope_section")]
    [InlineData("hidden_size", "32", "mrope_section")]
    [InlineData("vision_config", "null", "vision_config")]
    public void What_does_not_exist_here_is_named(string field, string value, string named)
    {
        var settings = JsonNode.Parse(TinyQwen.Settings(TinyQwen.Config))!.AsObject();
        settings[field] = JsonNode.Parse(value);

        var error = Assert.Throws<InvalidConfigException>(() => Qwen2VlConfig.Parse(settings.ToJsonString(), "here.json"));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("here.json", error.Message, StringComparison.Ordinal);
    }
}
