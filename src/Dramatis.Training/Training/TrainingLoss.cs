using static TorchSharp.torch;

namespace Dramatis.Training;

/// <summary>What a share of a step costs, and what that is made of. Whoever asks for its gradients disposes it after the backward pass.</summary>
internal sealed class TrainingLoss : OwnedTensors
{
    private readonly IDisposable[] kept;

    /// <param name="parts">One or more, in the order in which they are added up. Their values belong to the loss.</param>
    /// <param name="kept">What must live until the backward pass is over, for example a session whose hooks are asked again in it.</param>
    public TrainingLoss(IReadOnlyList<LossPart> parts, params IDisposable[] kept)
    {
        using var scope = NewDisposeScope();
        this.kept = kept;
        Parts = parts;
        Total = Own(parts.Select(part => part.Weight * part.Value).Aggregate((sum, term) => sum + term));
        foreach (var part in parts)
        {
            Own(part.Value);
        }
    }

    /// <summary>The parts by their weights, a scalar. Gradients flow.</summary>
    public Tensor Total { get; }

    public IReadOnlyList<LossPart> Parts { get; }

    /// <summary>The value of a part, without its weight.</summary>
    public Tensor this[string name] => Parts.First(part => part.Name == name).Value;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Array.ForEach(kept, item => item.Dispose());
    }
}

/// <summary>A part of a loss.</summary>
/// <param name="Name">One word, for tables.</param>
/// <param name="Value">A scalar.</param>
/// <param name="Weight">What it counts in the sum.</param>
internal sealed record LossPart(string Name, Tensor Value, double Weight = 1);
