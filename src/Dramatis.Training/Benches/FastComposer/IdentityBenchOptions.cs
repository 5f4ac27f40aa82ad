using Dramatis.Benches.Faces;
using Dramatis.Methods.FastComposer;
using Dramatis.Pictures;

namespace Dramatis.Benches.FastComposer;

/// <summary>How faces are evaluated. What is usual is what the published evaluation takes (arXiv 2305.10431).</summary>
internal sealed record IdentityBenchOptions
{
    /// <summary>Folder of the model.</summary>
    public required string Model { get; init; }

    /// <summary>A folder with one for each person.</summary>
    public required string People { get; init; }

    public required FaceModels Faces { get; init; }

    /// <summary>Folder for pictures and scores; pictures that are there are not painted again.</summary>
    public required string Output { get; init; }

    /// <summary>Folder of CLIP with both towers, which tells how well pictures keep to their prompt; null: nothing does.</summary>
    public string? Clip { get; init; }

    public string Method { get; init; } = FastComposerMethod.Name;

    /// <summary>Two people to a picture instead of one, every pair.</summary>
    public bool Together { get; init; }

    /// <summary>How many of the prompts, from the first.</summary>
    public int Prompts { get; init; } = int.MaxValue;

    /// <summary>Of a prompt and its people.</summary>
    public int Pictures { get; init; } = 4;

    public int? Steps { get; init; } = 50;

    public double? Guidance { get; init; } = 5;

    /// <summary>The part of the steps in which subjects are words alone.</summary>
    public double Start { get; init; } = .5;

    /// <summary>Null: the model's own.</summary>
    public PixelSize? Size { get; init; } = new(512, 512);

    /// <summary>Of the first picture; each has the next one.</summary>
    public ulong Seed { get; init; } = 42;
}

/// <summary>A picture of the evaluation and what it scored.</summary>
/// <param name="Identity">1: the same face or faces; 0: others or none.</param>
/// <param name="Prompt">Cosine in CLIP's space, or null.</param>
internal sealed record IdentityRow(string File, string Prompt, double Identity, double? Consistency);
