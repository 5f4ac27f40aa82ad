namespace Dramatis.Requests;

/// <summary>What a model chooses where a request says nothing.</summary>
public sealed record GenerationDefaults
{
    public required PixelSize Size { get; init; }

    public int Steps { get; init; } = 30;

    public double Guidance { get; init; } = 7.5;

    public required string Sampler { get; init; }

    public string? Method { get; init; }

    /// <summary>The request with nothing left open.</summary>
    public GenerationRequest Complete(GenerationRequest request) => request with
    {
        Size = request.Size ?? Size,
        Steps = request.Steps ?? Steps,
        Guidance = request.Guidance ?? Guidance,
        Sampler = request.Sampler ?? Sampler,
        Method = request.Method ?? Method,
    };
}
