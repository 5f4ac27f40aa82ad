using static TorchSharp.torch;

namespace Dramatis.Conditioning;

/// <summary>Holds the words of subjects inside their places, whatever else shows what they mean.</summary>
/// <remarks>Shapes: B rows, n subjects, L text tokens.</remarks>
internal sealed class BoundWordsSession : ConditioningSession
{
    private readonly WordBinding binding;
    private readonly Tensor boxes;
    private readonly IReadOnlyList<Influence> influences;

    /// <param name="words">As <see cref="SubjectWords"/> makes them (B, n, L).</param>
    /// <param name="boxes">
    /// Places as fractions of the picture, the same in all rows (n, 4) or of each (B, n, 4); a place that is the whole picture holds nothing.
    /// </param>
    /// <param name="influences">When each is held, n of them.</param>
    /// <param name="strength">See <see cref="WordBinding"/>.</param>
    public BoundWordsSession(Tensor words, Tensor boxes, IReadOnlyList<Influence> influences, BindingStrength strength)
    {
        binding = new(words, strength, tensor => Own(tensor));
        this.boxes = Own(boxes.dim() == 2 ? boxes.unsqueeze(0) : boxes.alias());
        this.influences = influences;
    }

    public override LogitEdit? LogitEditAt(AttentionCall call)
    {
        var acting = ActingSet.At(call.Step, influences);
        return acting.IsEmpty ? null : binding.EditAt(call, acting, () => BoxCells.Cover(boxes * acting.Marks(boxes.device), call.Grid));
    }
}
