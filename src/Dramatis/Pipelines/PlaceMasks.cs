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

    /// <param name="request">Complete and valid.</param>
    /// <exception cref="Errors.InvalidRequestException">A mask has another shape than the picture to be painted, or shows no place.</exception>
    public static PlaceMasks Read(GenerationRequest request) =>
        new([.. request.Subjects.Select((subject, i) => subject.PlaceMask is { } mask ? Read(mask, $"subjects[{i}].place", request.Size!.Value) : null)]);

    /// <summary>The request with the box around each mask for a place.</summary>
    public GenerationRequest WithBoxes(GenerationRequest request) => request with
    {
        Subjects = [.. request.Subjects.Select((subject, i) => masks[i] is { } mask ? subject with { Place = mask.Bounds(), PlaceMask = null } : subject)],
    };

    private static RegionMask Read(Reference reference, string field, PixelSize size) => SizedPicture.ReadMask(
        reference, field, size, size, "the mask is black all over, which is no place; draw white where the subject stands.");
}
