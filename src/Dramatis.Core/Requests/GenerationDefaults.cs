using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>What a model chooses where a request says nothing.</summary>
public sealed record GenerationDefaults
{
    // Other programs take no larger seeds.
    private const long MostDrawn = 1L << 32;

    /// <summary>Pixels of the pictures that the model was trained on.</summary>
    public required PixelSize Size { get; init; }

    /// <summary>Sampling steps.</summary>
    public int Steps { get; init; } = 30;

    /// <summary>Strength of classifier-free guidance (CFG scale); 1 is none.</summary>
    public double Guidance { get; init; } = 7.5;

    /// <summary>From 0, not at all, to 1.</summary>
    public double GuidanceRescale { get; init; }

    /// <summary>Null when the model's own does not exist here: then a request has to choose.</summary>
    public string? Sampler { get; init; }

    /// <summary>How subjects with references are kept; null when the model has no adapter.</summary>
    public string? Method { get; init; }

    /// <summary>Noise in a picture to begin with, where a request says nothing: enough to change it, not to lose it.</summary>
    public double Denoise { get; init; } = .8;

    /// <summary>The request with nothing left open, a seed drawn where it has none. What a mask shows white is all noise.</summary>
    public GenerationRequest Complete(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request with
        {
            Size = request.Size ?? Size,
            Steps = request.Steps ?? Steps,
            Guidance = request.Guidance ?? Guidance,
            GuidanceRescale = request.GuidanceRescale ?? GuidanceRescale,
            Sampler = request.Sampler ?? Sampler,
            Method = request.Method ?? Method,
            Seed = request.Seed ?? (ulong)Random.Shared.NextInt64(MostDrawn),
            Denoise = request.Denoise ?? (request.Image is null ? null : request.Mask is null ? Denoise : 1),
        };
    }
}
