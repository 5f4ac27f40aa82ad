using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;

namespace Dramatis.Training.Subjects;

/// <summary>A picture as it is learned from once: cut, turned or placed, of the model's size.</summary>
/// <param name="Mask">Bright where it counts, of the same size; null where all of it does.</param>
/// <param name="Words">What the text says of the view before all else, for example <c>zoomed in</c>.</param>
internal sealed record SubjectView(Picture Picture, Picture? Mask = null, string Words = "")
{
    /// <summary>The box around what counts; all of it where nothing is left of that, or nobody says what does.</summary>
    public Box Place
    {
        get
        {
            if (Mask is null)
            {
                return Box.Whole;
            }

            int[] bright = [.. Mask.ToRgb().Index().Where(item => item.Index % 3 == 0 && item.Item >= 128).Select(item => item.Index / 3)];
            if (bright.Length == 0)
            {
                return Box.Whole;
            }

            var (width, height) = ((double)Mask.Width, (double)Mask.Height);
            return new(
                bright.Min(i => i % Mask.Width) / width, bright.Min(i => i / Mask.Width) / height,
                (bright.Max(i => i % Mask.Width) + 1) / width, (bright.Max(i => i / Mask.Width) + 1) / height);
        }
    }
}

/// <summary>Draws a view of a picture.</summary>
internal delegate SubjectView ViewMaker(SubjectPicture picture, StableRandom random);
