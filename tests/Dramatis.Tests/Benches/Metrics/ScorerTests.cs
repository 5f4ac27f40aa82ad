using Dramatis.Benches.Metrics;
using Dramatis.Errors;
using Dramatis.Tests.Verification;
using Dramatis.Weights;

namespace Dramatis.Tests.Benches.Metrics;

public sealed class ScorerTests
{
    private static readonly string Toybox = Path.GetFullPath(Path.Combine(GoldenData.InRepository, "..", "..", "models", "toybox"));

    [Fact]
    public void One_tower_is_no_model_of_CLIP()
    {
        var error = Assert.Throws<InvalidConfigException>(() => ClipScorer.Load(Path.Combine(Toybox, "text_encoder")));

        Assert.Contains("text_config", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_or_file_of_another_network_is_no_DINO()
    {
        Assert.Throws<InvalidConfigException>(() => DinoScorer.Load(Path.Combine(Toybox, "text_encoder")));
        Assert.Throws<InvalidCheckpointException>(() => DinoFiles.Load(Directory.EnumerateFiles(Path.Combine(Toybox, "vae"), "*.safetensors").First()));
        Assert.Throws<ModelNotFoundException>(() => DinoScorer.Load(Path.Combine(Toybox, "nowhere")));
    }
}
