namespace Dramatis.Requests;

/// <summary>Other pictures for those that a request names: blobs for what was sent, files for blobs.</summary>
internal static class PictureSwap
{
    /// <summary>The request with other pictures.</summary>
    /// <param name="replace">From a field, as <see cref="GenerationRequest.Pictures"/> names it, and its picture.</param>
    public static GenerationRequest In(GenerationRequest request, Func<string, Reference, Reference> replace)
    {
        var others = request.Pictures.ToDictionary(item => item.Field, item => replace(item.Field, item.Picture));
        return request with
        {
            References = [.. request.References.Select((_, k) => others[$"references[{k}]"])],
            Subjects = [.. request.Subjects.Select((subject, i) => subject with
            {
                References = [.. subject.References.Select((_, k) => others[$"subjects[{i}].references[{k}]"])],
                ReferenceMasks = [.. subject.ReferenceMasks.Select((_, k) => others[$"subjects[{i}].reference_masks[{k}]"])],
                PlaceMask = others.GetValueOrDefault($"subjects[{i}].place"),
            })],
            Image = others.GetValueOrDefault("image"),
            Mask = others.GetValueOrDefault("mask"),
            Controls = [.. request.Controls.Select((control, i) => control with { Picture = others[$"controls[{i}].picture"] })],
        };
    }
}
