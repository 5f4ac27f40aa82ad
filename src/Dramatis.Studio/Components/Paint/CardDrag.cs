namespace Dramatis.Studio.Components.Paint;

/// <summary>Which card of the cast is being dragged.</summary>
public sealed class CardDrag
{
    public int? From { get; set; }
}
