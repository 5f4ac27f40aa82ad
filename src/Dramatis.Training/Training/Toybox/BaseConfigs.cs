using Dramatis.Methods.FastComposer;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;

namespace Dramatis.Training.Toybox;

/// <summary>The sizes of the networks that the base training trains.</summary>
internal sealed record BaseConfigs
{
    public required UNetConfig UNet { get; init; }

    public required ClipTextConfig Text { get; init; }

    public required ClipVisionConfig Vision { get; init; }

    public required MsDiffusionConfig Adapter { get; init; }

    /// <summary>What puts pictures in words' places; null for a model without.</summary>
    public PostfuseConfig? Postfuse { get; init; }
}
