using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pipelines;
using Dramatis.Requests;

namespace Dramatis.Studio.Fields;

/// <summary>Which fields of a request are of use as it stands: nothing is shown that nothing reads.</summary>
internal static class FieldsShown
{
    // Those with a control of their own elsewhere, or that only files on this machine make sense of.
    private static readonly HashSet<string> Elsewhere =
        ["prompt", "negative_prompt", "subjects", "references", "image", "mask", "controls", "loras", "layout", "frame", "model", "size", "seed", "count"];

    /// <summary>The fields of a group that a plain control shows.</summary>
    /// <param name="usualMethod">What the model keeps subjects with where the request does not say.</param>
    public static IReadOnlyList<string> Of(FieldGroup group, GenerationRequest request, string? usualMethod)
    {
        var reads = Reads(request, usualMethod);
        return
        [
            .. RequestField.Of(typeof(GenerationRequest)).Where(field => field.Said.Group == group && !Elsewhere.Contains(field.Name)).Select(field => field.Name)
                .Concat(group == FieldGroup.Subjects ? RequestField.Of(typeof(LayoutOptions)).Where(field => field.Name != "file").Select(field => $"layout.{field.Name}") : [])
                .Where(path => IsOfUse(path, request, reads)),
        ];
    }

    /// <summary>Whether a subject's method reads a field of it.</summary>
    public static bool IsRead(string subjectField, Subject subject, GenerationRequest request, string? usualMethod) =>
        Reader(subjectField) is var reader && (reader == MethodReads.None || (ReadsOf(subject.Method ?? request.Method ?? usualMethod) & reader) != 0);

    /// <summary>What the methods of a request read, all together.</summary>
    public static MethodReads Reads(GenerationRequest request, string? usualMethod) => request.Subjects
        .Select(subject => subject.Method).Append(request.Method ?? usualMethod).Aggregate(MethodReads.None, (all, method) => all | ReadsOf(method));

    private static bool IsOfUse(string path, GenerationRequest request, MethodReads reads) => path switch
    {
        "denoise" => request.Image is not null,
        "cut_out" => request.Subjects.Any(subject => subject.References.Count > 0),
        "mask_feather" => request.Mask is not null,
        "method" => request.Subjects.Count > 0 || request.References.Count > 0,
        "layout.threshold" or "layout.start_step" => request.Layout.Mode == LayoutMode.Auto && (reads & Reader(path)) != 0,
        "instruction" => request.References.Count > 0 && (reads & Reader(path)) != 0,
        _ when path.StartsWith("layout.", StringComparison.Ordinal) => request.Subjects.Count > 0 && (reads & Reader(path)) != 0,
        _ => true,
    };

    private static MethodReads Reader(string field) => MethodRules.ReadersOf(field);

    private static MethodReads ReadsOf(string? method) => MethodCatalog.All.FirstOrDefault(known => known.Name == method)?.Reads ?? MethodReads.None;
}
