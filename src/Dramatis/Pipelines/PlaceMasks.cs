using Dramatis.Conditioning;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Places that a request gives as pictures.</summary>
internal sealed class PlaceMasks
{
    private readonly IReadOnlyList<RegionMask?> masks;

    private PlaceMasks(IReadOnlyList<RegionMask?> masks) => this.masks = masks;

    /// <summary>The mask of a subject, or null.</summary>
    public RegionMask? this[int subject] => masks[subject];

    /// <exception cref="Errors.InvalidRequestException">A mask has another shape than the picture to be painted, or shows no place.</exception>
    public static PlaceMasks Read(PaintingJob job) =>
        new([.. job.Subjects.Select((item, i) => item.Subject.PlaceMask is { } mask ? Read(mask, $"subjects[{i}].place", job.Size) : null)]);

    /// <summary>The job with the box around each mask for a place.</summary>
    public PaintingJob WithBoxes(PaintingJob job) => job with
    {
        Subjects =
        [
            .. job.Subjects.Select((item, i) => masks[i] is { } mask
                ? item with { Subject = item.Subject with { Place = mask.Bounds(), PlaceMask = null } }
                : item),
        ],
    };

    private static RegionMask Read(Reference reference, string field, PixelSize size) => SizedPicture.ReadMask(
        reference, field, size, size, "the mask is black all over, which is no place; draw white where the subject stands.");
}
