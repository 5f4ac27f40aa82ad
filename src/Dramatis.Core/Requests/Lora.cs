using System.Diagnostics.CodeAnalysis;

namespace Dramatis.Requests;

/// <summary>A file of low-rank changes to the model's weights, and a factor on them.</summary>
public sealed record Lora
{
    public Lora()
    {
    }

    [SetsRequiredMembers]
    public Lora(string file, double scale = 1) => (File, Scale) = (file, scale);

    [Field(Cure = "name a file of weights", Path = FieldPath.File)]
    public required string File { get; init; }

    /// <summary>From -4 to 4.</summary>
    public double Scale { get; init; } = 1;
}
