using static TorchSharp.torch;

namespace Dramatis.Training.Records;

/// <summary>What the frozen base makes of a picture and its caption.</summary>
/// <remarks>Shapes: C x h x w latents, L text tokens, E text width.</remarks>
/// <param name="Mean">Of the latents' posterior (C, h, w), not scaled.</param>
/// <param name="Deviation">As the mean.</param>
/// <param name="Text">The caption (L, E).</param>
/// <param name="Pooled">SDXL's pooled caption; null for others.</param>
/// <param name="Frame">What SDXL is told of sizes (6).</param>
internal sealed record EncodedPicture(Tensor Mean, Tensor Deviation, Tensor Text, Tensor? Pooled, Tensor Frame)
{
    /// <summary>Back from what <see cref="Named"/> gave.</summary>
    public static EncodedPicture From(IReadOnlyDictionary<string, Tensor> named) =>
        new(named["mean"], named["deviation"], named["text"], named.GetValueOrDefault("pooled"), named["frame"]);

    /// <summary>By names for a file.</summary>
    public Dictionary<string, Tensor> Named()
    {
        var named = new Dictionary<string, Tensor> { ["mean"] = Mean, ["deviation"] = Deviation, ["text"] = Text, ["frame"] = Frame };
        if (Pooled is not null)
        {
            named["pooled"] = Pooled;
        }

        return named;
    }
}
