using Dramatis.Pictures;

namespace Dramatis.Training.FastComposer;

/// <summary>Whose pixel each pixel of a picture is, by number.</summary>
/// <param name="Labels">Row by row.</param>
internal sealed record LabelMap(PixelSize Size, int[] Labels)
{
    /// <summary>Whether any pixel of a part has the label.</summary>
    public bool Has(int label, PixelBox part)
    {
        for (var y = part.Top; y < part.Bottom; y++)
        {
            if (Labels.AsSpan((y * Size.Width) + part.Left, part.Width).Contains(label))
            {
                return true;
            }
        }

        return false;
    }
}
