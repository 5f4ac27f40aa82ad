using Dramatis.Conditioning;
using Dramatis.Methods;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Tensors;
using static TorchSharp.torch;

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

    /// <summary>Tells of masks so thin that between the cells of the latents hardly anything is left of them.</summary>
    /// <param name="factor">Pixels along one side of a cell.</param>
    public void TellOfThin(PaintingJob job, int factor, Action<string, string>? notice)
    {
        using var scope = NewDisposeScope();
        var cells = new Grid(job.Size.Width / factor, job.Size.Height / factor);
        foreach (var (i, mask) in masks.Index())
        {
            if (mask is not null && job.Subjects[i].Method?.Reads.HasFlag(MethodReads.PlaceMask) == true && mask.At(cells).max().item<float>() < .5f)
            {
                notice?.Invoke(
                    $"subjects[{i}].place", $"is thinner than the cells of {factor} pixels in which subjects act: little is left of it. Draw it wider.");
            }
        }
    }

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
        reference, field, size, size, RequestPictures.NoPlace);
}
