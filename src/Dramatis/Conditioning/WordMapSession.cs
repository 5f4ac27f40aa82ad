using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Changes nothing and watches where the words of subjects are read.</summary>
internal sealed class WordMapSession : ConditioningSession
{
    /// <param name="words">As <see cref="SubjectWords"/> makes them (B, n, L).</param>
    public WordMapSession(Tensor words) => Maps = new(words, tensor => Own(tensor));

    public WordMaps Maps { get; }

    public override AttentionProbe? ProbeAt(AttentionCall call) => weights => Maps.Add(call, weights);
}
