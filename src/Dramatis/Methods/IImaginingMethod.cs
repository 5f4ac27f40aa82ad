using Dramatis.Conditioning;
using static TorchSharp.torch;

namespace Dramatis.Methods;

/// <summary>A method that can keep subjects by what the model's prior imagines of their words (<see cref="MethodReads.Words"/>).</summary>
internal interface IImaginingMethod : ILoadedMethod
{
    /// <summary>The networks that gradients go through on their way to words.</summary>
    IEnumerable<nn.Module> Networks { get; }

    /// <summary>Opens a session with n imagined subjects in each row, and no negative rows. Gradients flow to states and texts.</summary>
    /// <param name="states">Of the phrases (B, n, width of the text), as the prior reads them.</param>
    /// <param name="pooled">The pooled texts of the phrases (B, n, width of the pooled text).</param>
    /// <param name="places">The box that each stands in (B, n, 4); all zero for one that is not there.</param>
    ConditioningSession Imagine(Tensor states, Tensor pooled, Tensor places);
}
