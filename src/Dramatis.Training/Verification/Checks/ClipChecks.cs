using Dramatis.Networks.Clip;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>CLIP's text encoder on its own.</summary>
internal sealed class ClipTextCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["clip_text"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var encoder = new ClipTextEncoder(ClipTextConfig.Parse(golden.ReadText("config.json"), golden.PathOf("config.json")));
        Checkpoint.LoadInto(encoder, golden.PathOf("model.safetensors"));

        var features = encoder.forward(golden.Tensor("input_ids"));
        (string Name, Tensor? Ours)[] all =
        [
            ("last_hidden_state", features.LastHiddenState),
            ("penultimate", features.Penultimate),
            ("pooled", features.Pooled),
            ("text_embeds", features.Projected),
        ];
        return golden.Compare([.. all.Where(item => golden.Has(item.Name)).Select(item => (item.Name, item.Ours!))]);
    }
}

/// <summary>CLIP's vision encoder on its own.</summary>
internal sealed class ClipVisionCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["clip_vision"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var encoder = new ClipVisionEncoder(ClipVisionConfig.Parse(golden.ReadText("config.json"), golden.PathOf("config.json")));
        Checkpoint.LoadInto(encoder, golden.PathOf("model.safetensors"));

        var features = encoder.forward(golden.Tensor("pixel_values"));
        return golden.Compare(
            ("last_hidden_state", features.LastHiddenState),
            ("penultimate", features.Penultimate),
            ("image_embeds", features.Embedding));
    }
}
