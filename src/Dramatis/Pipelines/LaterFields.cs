using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Pipelines;

/// <summary>Fields of a request that nothing does yet: better refused than painted without.</summary>
internal static class LaterFields
{
    /// <exception cref="InvalidRequestException">The request has such a field.</exception>
    public static void Refuse(GenerationRequest request)
    {
        Refuse("image", request.Image is not null);
        Refuse("controls", request.Controls.Count > 0);
        Refuse("loras", request.Loras.Count > 0);
        Refuse("frame", request.Frame is not null);
        foreach (var (i, subject) in request.Subjects.Index())
        {
            Refuse($"subjects[{i}].reference_masks", subject.ReferenceMasks.Count > 0);
            Refuse($"subjects[{i}].place", subject.PlaceMask is not null);
            Refuse($"subjects[{i}].lora", subject.Lora is not null);
            Refuse($"subjects[{i}].embedding", subject.Embedding is not null);
        }
    }

    private static void Refuse(string field, bool isGiven)
    {
        if (isGiven)
        {
            throw new InvalidRequestException(field, "is not supported yet; leave it out.");
        }
    }
}
