using Dramatis.Pictures;

namespace Dramatis.Requests;

/// <summary>The picture of the training data that SDXL is asked to be like (Podell et al., 2023, section 2.2).</summary>
/// <param name="Original">Its size before it was cut.</param>
/// <param name="Left">Pixels cut off at the left.</param>
/// <param name="Top">Pixels cut off at the top.</param>
/// <param name="Target">Its size afterwards; null: the size of the picture wanted.</param>
public sealed record PictureFrame(PixelSize Original, int Left = 0, int Top = 0, PixelSize? Target = null);
