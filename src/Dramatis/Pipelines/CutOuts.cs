using Dramatis.Methods;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Masks for references that show a subject on a busy ground, which would become a tile in the picture.</summary>
internal static class CutOuts
{
    private const byte White = 255;
    private const string Kept = "no subject could be told from its busy ground, which is shown with it. Give a mask or a cut-out picture, or one where all of the "
        + "subject is seen; to keep the ground without this notice, say so (cut_out none).";

    private const string NoCutter = "photographs are shown whole, since nothing that finds subjects in them was given (PaintingOptions.CutOut).";
    private const string AsThere = "photographs are shown whole, as the reference implementation does it (layout.compat).";

    /// <summary>The job with a mask for each reference that was cut out, or the part of it that was cropped. The request, and so the record, stays.</summary>
    /// <param name="cutter">Null leaves all as it is.</param>
    /// <param name="progress">Told of each, of those whose busy ground stays, and of a crop that nobody makes; null for nobody.</param>
    public static PaintingJob Make(PaintingJob job, ICutOut? cutter, IProgress<GenerationEvent>? progress = null)
    {
        var mode = job.Request.CutOut;
        if (cutter is null || mode == CutOutMode.None || job.Request.Layout.Compat)
        {
            if (mode == CutOutMode.Crop && job.Subjects.Any(item => IsThing(item, mode)))
            {
                progress?.Report(new Notice("cut_out", cutter is null ? NoCutter : AsThere));
            }

            return job;
        }

        return job with
        {
            Subjects = [.. job.Subjects.Select((item, i) => IsThing(item, mode) ? item with { Subject = Cut(item.Subject, i, mode, cutter, progress) } : item)],
        };
    }

    // What stands somewhere is a thing; without a place the whole picture may be meant, unless the request says otherwise.
    private static bool IsThing(JobSubject item, CutOutMode mode) =>
        item.Subject is { ReferenceMasks: [], References.Count: > 0 }
        && item.Method is { } method
        && (mode == CutOutMode.Crop
            || (method.Reads.HasFlag(MethodReads.ReferenceMasks) && (item.Subject.HasPlace || method.Reads.HasFlag(MethodReads.FoundPlaces))));

    private static Subject Cut(Subject subject, int number, CutOutMode mode, ICutOut cutter, IProgress<GenerationEvent>? progress)
    {
        Picture[] pictures = [.. subject.References.Select((reference, k) => reference.Read($"subjects[{number}].references[{k}]"))];
        Picture?[] masks = [.. pictures.Select(picture => picture.HasAlpha ? null : cutter.Mask(picture))];
        var crops = mode == CutOutMode.Crop;
        Picture?[] shown = [.. pictures.Zip(masks, (picture, mask) => mask is null ? null : crops ? Cropped(picture, mask) : picture.Masked(mask))];
        foreach (var (k, seen) in shown.Index())
        {
            if (seen is not null)
            {
                progress?.Report(new SubjectCutOut(number, k, subject.Phrase, PictureWriter.EncodePng(seen)) { Mode = mode });
            }
            else if (!pictures[k].HasAlpha && !PictureGround.IsPlain(PictureGround.Reduced(pictures[k])))
            {
                progress?.Report(new Notice($"subjects[{number}].references[{k}]", Kept));
            }
        }

        return masks.All(mask => mask is null) ? subject
            : crops ? subject with { References = [.. subject.References.Zip(shown, (whole, part) => part is null ? whole : ToReference(part))] }
            : subject with { ReferenceMasks = [.. pictures.Zip(masks, (picture, mask) => ToReference(mask ?? AllOf(picture)))] };
    }

    private static Picture AllOf(Picture picture) => Picture.Filled(picture.Width, picture.Height, Rgb.Gray(White));

    // The part of the picture that the mask takes, with its ground.
    private static Picture Cropped(Picture picture, Picture mask) => picture.Masked(mask).CropToVisible().WithoutAlpha();

    private static Reference ToReference(Picture picture) => Reference.FromBytes(PictureWriter.EncodePng(picture));
}
