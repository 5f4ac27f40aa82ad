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

    [Fact]
    public void A_folder_or_file_of_another_network_is_no_DINO()
    {
        Assert.Throws<InvalidConfigException>(() => DinoScorer.Load(Path.Combine(ToyboxFolder.Path, "text_encoder")));
        Assert.Throws<InvalidCheckpointException>(() => DinoFiles.Load(
            Directory.EnumerateFiles(Path.Combine(ToyboxFolder.Path, "vae"), "*.safetensors").First()));
        Assert.Throws<ModelNotFoundException>(() => DinoScorer.Load(Path.Combine(ToyboxFolder.Path, "nowhere")));
    }
}
