using Dramatis.Benches.Metrics;
using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Tests.Benches.Metrics;

public sealed class ScorerTests
{
    [Fact]
    public void One_tower_is_no_model_of_CLIP()
    {
        var error = Assert.Throws<InvalidConfigException>(() => ClipScorer.Load(Path.Combine(ToyboxFolder.Path, "text_encoder")));

        Assert.Contains("text_config", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "model_type": "dinov2", "hidden_size": 8, "num_register_tokens": 4, "layerscale_value": 1.0 }""", "num_register_tokens")]
    [InlineData("""{ "model_type": "vit", "hidden_size": 8, "encoder_stride": 16, "patch_bias": true, "transformers_version": "4.40" }""", "patch_bias")]
    [InlineData("""{ "text_config": { "hidden_size": 8 }, "vision_config": { "hidden_size": 8, "new_switch": 2 } }""", "new_switch")]
    [InlineData("""{ "model_type": "vit", "hidden_size": 8, "new_switch": false }""", null)]
    public void A_field_of_a_judge_s_settings_that_nobody_knows_is_told(string config, string? field)
    {
        var folder = Directory.CreateTempSubdirectory("dramatis-test-");
        var path = Path.Combine(folder.FullName, "config.json");
        File.WriteAllText(path, config);
        var told = new List<string>();

        ScorerSettings.Tell(folder.FullName, told.Add);
        ScorerSettings.Tell(null, told.Add);

        Assert.Equal(field is null ? [] : [$"{path}: \"{field}\" is unknown here and not read; scores may differ from those of other programs."], told);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_folder_or_file_of_another_network_is_no_DINO()
    {
        Assert.Throws<InvalidConfigException>(() => DinoScorer.Load(Path.Combine(ToyboxFolder.Path, "text_encoder")));
        Assert.Throws<InvalidCheckpointException>(() => DinoFiles.Load(
            Directory.EnumerateFiles(Path.Combine(ToyboxFolder.Path, "vae"), "*.safetensors").First()));
        Assert.Throws<ModelNotFoundException>(() => DinoScorer.Load(Path.Combine(ToyboxFolder.Path, "nowhere")));
    }
}
