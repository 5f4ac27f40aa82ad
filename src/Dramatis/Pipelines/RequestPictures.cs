using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>The pictures of a request, looked at before any model works: what is wrong with one is not told minutes later.</summary>
internal static class RequestPictures
{
    /// <summary>What is said of a mask without white.</summary>
    public const string NothingToPaint = "is black all over, which leaves nothing to paint; draw white what is to be painted anew.";

    /// <summary>What is said of a place without white.</summary>
    public const string NoPlace = "the mask is black all over, which is no place; draw white where the subject stands.";

    /// <param name="request">Valid.</param>
    /// <param name="notice">Told of pictures of which a part alone is used.</param>
    /// <exception cref="UnreadablePictureException">One cannot be read.</exception>
    /// <exception cref="InvalidRequestException">One shows nothing, or a mask has another shape than its picture.</exception>
    public static void Check(GenerationRequest request, Action<string, string>? notice)
    {
        foreach (var (field, picture) in request.Pictures)
        {
            if (PictureContainer.Of(picture.ReadBytes()) is { IsAnimated: true })
            {
                notice?.Invoke(field, "is an animation: its first picture is used.");
            }
        }

        foreach (var (i, subject) in request.Subjects.Index())
        {
            ReadVisible(subject, $"subjects[{i}].");
            if (subject.PlaceMask is { } place)
            {
                CheckMask(place, $"subjects[{i}].place", request.Size, NoPlace);
            }
        }

        ReadVisible(GroupOf(request), "");
        var image = request.Image?.Read("image");
        if (request.Mask is { } mask)
        {
            CheckMask(mask, "mask", image!.Size, NothingToPaint);
        }

        foreach (var (i, control) in request.Controls.Index())
        {
            control.Picture.Read($"controls[{i}].picture");
        }
    }

    /// <summary>The references of a request as a whole, as a subject that no words mean.</summary>
    public static Subject GroupOf(GenerationRequest request) => new() { Phrase = "", References = request.References };

    /// <summary>The references of a subject as its masks let them be seen.</summary>
    /// <param name="path">What stands before the names of its fields in messages, for example <c>subjects[1].</c>.</param>
    public static IReadOnlyList<Picture> ReadVisible(Subject subject, string path) =>
        [.. subject.References.Select((_, k) => ReadVisible(subject, k, $"{path}references[{k}]", $"{path}reference_masks[{k}]"))];

    private static Picture ReadVisible(Subject subject, int reference, string field, string maskField)
    {
        var picture = subject.References[reference].Read(field);
        if (subject.ReferenceMasks.Count > 0)
        {
            var mask = subject.ReferenceMasks[reference].Read(maskField);
            RegionMask.CheckShape(mask, picture.Size, maskField);
            picture = picture.Masked(mask.Resize(picture.Size));
        }

        return picture.HasAlpha && picture.AlphaBounds() is null
            ? throw new InvalidRequestException(field, "is wholly transparent and shows nothing; give a picture of the subject.")
            : picture;
    }

    // Whatever size is painted: a null shape is not known yet.
    private static void CheckMask(Reference mask, string field, PixelSize? shape, string black)
    {
        var picture = mask.Read(field);
        RegionMask.CheckShape(picture, shape ?? picture.Size, field);
        if (!picture.ToGrey().Any(level => level >= 128))
        {
            throw new InvalidRequestException(field, black);
        }
    }
}
