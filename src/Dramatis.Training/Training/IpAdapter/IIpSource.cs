using Dramatis.Pictures;
using Dramatis.Training.Diffusion;
using static TorchSharp.torch;

namespace Dramatis.Training.IpAdapter;

/// <summary>Where a training's samples come from. A sample depends on its number alone.</summary>
internal interface IIpSource : IDisposable
{
    /// <summary>A batch.</summary>
    /// <param name="first">The first sample; samples are counted from the start of the training.</param>
    IpInputs Make(long first, int count);

    /// <summary>The same of samples that are only looked at.</summary>
    IpInputs MakeExam(long first, int count);

    /// <summary>Has a few pictures painted and looks at them.</summary>
    /// <param name="paint">Paints with the adapter as it is.</param>
    /// <param name="sheet">Where a sheet of them goes.</param>
    /// <returns>Figures by name, for the log.</returns>
    IReadOnlyDictionary<string, double> Judge(Func<IpPreview, IReadOnlyList<Picture>> paint, string sheet);
}

/// <summary>A batch as the networks take it.</summary>
internal sealed record IpInputs(DenoisingBatch Picture, IpReferences References);

/// <summary>Pictures to be painted while an adapter is trained.</summary>
/// <remarks>Shapes: B pictures, L text tokens, E text width, P pooled width.</remarks>
/// <param name="Text">(B, L, E)</param>
/// <param name="Pooled">SDXL's (B, P); null for others.</param>
/// <param name="Side">Pixels along one side.</param>
/// <param name="Seeds">Of the noise (B).</param>
internal sealed record IpPreview(Tensor Text, Tensor? Pooled, IpReferences References, int Side, IReadOnlyList<ulong> Seeds);
