using static TorchSharp.torch;

namespace Dramatis.Training.Subjects;

/// <summary>What one step of learning a subject sees: rows that show the subject, then rows that show others of its kind.</summary>
/// <remarks>Shapes: B rows, S of them of the subject; C latent channels, h x w cells, L tokens.</remarks>
internal sealed record LearningBatch
{
    /// <summary>Clean latents (B, C, h, w), as the denoiser sees them.</summary>
    public required Tensor Latents { get; init; }

    /// <summary>Unit noise (B, C, h, w).</summary>
    public required Tensor Noise { get; init; }

    /// <summary>Noise levels (B), whole numbers from 0.</summary>
    public required Tensor Timesteps { get; init; }

    /// <summary>Token ids (B, L).</summary>
    public required Tensor Ids { get; init; }

    /// <summary>Token ids of a second text encoder (B, L), for models that have one.</summary>
    public Tensor? SecondIds { get; init; }

    /// <summary>S.</summary>
    public required int Subjects { get; init; }

    /// <summary>What each cell of the subject's rows counts (S, 1, h, w), 0 to 1; null counts all alike.</summary>
    public Tensor? Masks { get; init; }
}
