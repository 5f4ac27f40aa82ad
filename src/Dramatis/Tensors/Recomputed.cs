using static TorchSharp.torch;

namespace Dramatis.Tensors;

/// <summary>Part of a network that keeps nothing for its gradient but its inputs: the rest is computed again when the gradient is asked for.</summary>
/// <remarks>
/// Gradient checkpointing (Chen et al., arXiv 1604.06174): less memory for about a third more time. The gradients are the same to
/// the bit, as long as the part draws no random numbers.
/// </remarks>
internal sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    // What a backward call returns is kept alive by its caller's scope until the whole step ends. The next call lets it go: by
    // then libtorch has it. One a thread, as scopes are.
    [ThreadStatic]
    private static List<Tensor>? returned;

    public override string Name => nameof(Recomputed);

    /// <summary>Runs a part of a network.</summary>
    /// <param name="part">Called now and, with the same inputs, again in the backward pass.</param>
    /// <param name="inputs">What it is called with.</param>
    /// <param name="weights">What else it reads and gets gradients; all of it must live until the backward pass is over.</param>
    public static Tensor Run(Func<IReadOnlyList<Tensor>, Tensor> part, IReadOnlyList<Tensor> inputs, IEnumerable<Tensor> weights)
    {
        if (!is_grad_enabled())
        {
            return part(inputs);
        }

        List<Tensor> trained = [.. weights.Where(weight => weight.requires_grad)];
        return apply([new Part(part, inputs.Count, trained), .. inputs, .. trained]);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var part = (Part)vars[0];
        var inputs = vars.Skip(1).Take(part.Inputs).Cast<Tensor>().ToList();
        ctx.save_data("part", part);
        ctx.save_for_backward(inputs);
        return part.Run(inputs);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        returned?.ForEach(tensor => tensor.Dispose());
        using var scope = NewDisposeScope();
        using var on = enable_grad();
        var part = (Part)ctx.get_data("part");

        // Gradients stop at the inputs: what lies before is another part's.
        var inputs = ctx.get_saved_variables().Select(input => input.detach().requires_grad_(input.requires_grad)).ToList();
        var result = part.Run(inputs);
        var asked = inputs.Where(input => input.requires_grad).Concat(part.Weights).ToList();
        var found = autograd.grad([result], asked, [grad_output], allow_unused: true);
        grad_output.Dispose();

        var gradients = new Queue<Tensor>(found);
        List<Tensor> all = [null!];
        foreach (var tensor in inputs.Concat(part.Weights))
        {
            all.Add(tensor.requires_grad ? gradients.Dequeue() : null!);
        }

        returned = [.. all.Where(gradient => gradient is not null && !gradient.IsInvalid)];
        returned.ForEach(gradient => gradient.MoveToOuterDisposeScope());
        return all;
    }

    private sealed record Part(Func<IReadOnlyList<Tensor>, Tensor> Run, int Inputs, List<Tensor> Weights);
}
