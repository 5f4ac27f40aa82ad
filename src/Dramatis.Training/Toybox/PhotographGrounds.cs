using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Tensors;

namespace Dramatis.Toybox;

/// <summary>Photographs that references of the bench stand on, as those of people do.</summary>
internal sealed class PhotographGrounds
{
    private const int SmallestSide = 240;
    private const double LeastPart = .5;    // of the shorter side that is seen

    private readonly IReadOnlyList<Picture> photographs;

    private PhotographGrounds(IReadOnlyList<Picture> photographs) => this.photographs = photographs;

    /// <summary>All pictures of a folder that are large enough.</summary>
    /// <exception cref="InvalidDataSetException">There is no such folder, or no such picture in it.</exception>
    public static PhotographGrounds Load(string folder)
    {
        string[] files = !Directory.Exists(folder) ? [] :
        [
            .. VisibleFiles.In(folder).Where(PictureFormats.IsPicture).Order(StringComparer.Ordinal),
        ];
        Picture[] large = [.. files.Select(file => PictureReader.Read(file)).Where(picture => Math.Min(picture.Width, picture.Height) >= SmallestSide)];
        return large.Length > 0 ? new(large) : throw new InvalidDataSetException(
            folder, $"has no photographs of at least {SmallestSide} pixels a side; name a folder with some, as PNG, JPEG or WebP.");
    }

    /// <summary>Fills a square canvas with a part of one of them.</summary>
    public void Paint(Canvas canvas, StableRandom random)
    {
        var photograph = random.Pick(photographs);
        var side = (int)(Math.Min(photograph.Width, photograph.Height) * random.Between(LeastPart, 1));
        var (left, top) = (random.Below(photograph.Width - side + 1), random.Below(photograph.Height - side + 1));
        photograph.WithoutAlpha().Crop(new(left, top, left + side, top + side)).Resize(new(canvas.Width, canvas.Height)).ToRgb().CopyTo(canvas.Rgb, 0);
    }
}
