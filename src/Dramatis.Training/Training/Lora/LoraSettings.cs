using Dramatis.Methods.Lora;
using Dramatis.Requests;
using Dramatis.Training.Subjects;

namespace Dramatis.Training.Lora;

/// <summary>What a LoRA is made of.</summary>
public sealed record LoraSettings : LearnSettings
{
    /// <summary>Of each change, 1 or more: a layer of n x m gets (n + m) times as many numbers.</summary>
    [Field("Of each change.", Least = 1)]
    public int Rank { get; init; } = 4;

    /// <summary>α; null: the rank.</summary>
    [Field("The changes are multiplied with alpha / rank; the rank when not given.")]
    public double? Alpha { get; init; }

    /// <summary>Whether text encoders have one too.</summary>
    [Field("Change the text encoders too.")]
    public bool TextEncoder { get; init; }

    /// <summary>Ends of the paths of the UNet's layers that have one.</summary>
    [Field("Ends of the names of the UNet's layers that change; to_q, to_k, to_v, to_out.0 when not given.")]
    public IReadOnlyList<string> Layers { get; init => field = new ValueList<string>(value); } = new ValueList<string>(["to_q", "to_k", "to_v", "to_out.0"]);

    /// <summary>Of the file.</summary>
    [Field("Of the file: diffusers, peft or kohya.")]
    public LoraLayout Layout { get; init; } = LoraLayout.Diffusers;
}
