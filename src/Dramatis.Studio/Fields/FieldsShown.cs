using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Studio.Fields;

/// <summary>Which fields of a request are of use as it stands: nothing is shown that nothing reads, and all is that something does.</summary>
/// <param name="request">As it stands.</param>
/// <param name="usual">What the model chooses where it says nothing.</param>
/// <param name="learnedBy">By which method a subject was learned; null for one that was not, or that nobody knows.</param>
internal sealed class FieldsShown(GenerationRequest request, GenerationDefaults usual, Func<Subject, string?>? learnedBy = null)
{
    private const string LayoutMode = "layout.mode";

    // Those with a control of their own elsewhere, or that only files on this machine make sense of.
    private static readonly HashSet<string> Elsewhere =
        ["prompt", "negative_prompt", "subjects", "references", "image", "mask", "controls", "loras", "layout", "frame", "model", "size", "seed", "count"];

    /// <summary>The fields of a group that a plain control shows.</summary>
    public IReadOnlyList<string> Of(FieldGroup group) =>
    [
        .. RequestField.Of(typeof(GenerationRequest)).Where(field => field.Said.Group == group && !Elsewhere.Contains(field.Name)).Select(field => field.Name)
            .Concat(group == FieldGroup.Subjects ? RequestField.Of(typeof(LayoutOptions)).Where(field => field.Name != "file").Select(field => $"layout.{field.Name}") : [])
            .Where(IsOfUse),
    ];

    /// <summary>Whether one of several values of a field is of use.</summary>
    public bool IsOfUse(string path, string choice) => path switch
    {
        LayoutMode => choice == RequestField.NameOf(nameof(Requests.LayoutMode.Boxes)) || IsRead(MethodRules.ReadersOf(path, choice)),
        "schedule" => ScheduleNames.Problem(choice, Sampler) is null,
        _ => true,
    };

    /// <summary>Whether a subject's method reads a field of it.</summary>
    public bool IsRead(string subjectField, Subject subject) =>
        MethodRules.ReadersOf(subjectField) is var reader && (reader == MethodReads.None || ((KeeperOf(subject)?.Reads ?? MethodReads.None) & reader) != 0);

    /// <summary>Whether one of its pictures more would be looked at.</summary>
    public bool TakesPictures(Subject subject) =>
        KeeperOf(subject) is not { } keeper || (keeper.Needs != SubjectNeeds.LearnedFile && (subject.References.Count == 0 || keeper.Reads.HasFlag(MethodReads.SeveralReferences)));

    /// <summary>Whether the place of a subject may be a mask.</summary>
    public bool TakesMask(Subject subject) => KeeperOf(subject)?.Reads.HasFlag(MethodReads.PlaceMask) is true;

    /// <summary>Why the place of a subject is not kept to, or not to the letter, in the engine's words; null where it is.</summary>
    public string? PlaceProblem(Subject subject) => subject.HasPlace && KeeperOf(subject) is { } keeper ? MethodRules.PlaceProblem(subject, keeper, request.Layout) : null;

    /// <summary>Whether anything that acts on the request reads something.</summary>
    public bool IsRead(MethodReads what) => Acting.Any(method => (method.Reads & what) != 0);

    // As the engine chooses them: of each subject, and of a group of pictures.
    private IEnumerable<Method> Acting => request.Subjects.Select(KeeperOf).OfType<Method>()
        .Concat(request.References.Count > 0 ? MethodCatalog.All.Where(method => method.Reads.HasFlag(MethodReads.Group)) : []).Distinct();

    private SamplerKind Sampler => (request.Sampler ?? usual.Sampler) is { } name && SamplerKinds.All.Contains(name) ? SamplerKinds.Parse(name) : default;

    private bool IsGuided => (request.Guidance ?? usual.Guidance) > 1;

    // Null of one that is all in the model's weights and words.
    private Method? KeeperOf(Subject subject) => Find(
        subject.Method
        ?? (subject.Learned.Count == 0 ? request.Method ?? usual.Method
            : Find(learnedBy?.Invoke(subject)) is { } own ? own.Name
            : MethodCatalog.All.FirstOrDefault(method => method.IsMeantBy(subject, LearnedParts.None)) is { } meant ? meant.Name
            : subject.References.Count == 0 ? null : request.Method ?? usual.Method));

    private bool IsOfUse(string path) => path switch
    {
        "denoise" => request.Image is not null,
        "cut_out" => request.Subjects.Any(subject => subject.References.Count > 0),
        "mask_feather" => request.Mask is not null,
        "method" => request.Subjects.Any(subject => subject.Method is null && (subject.Learned.Count == 0 || subject.References.Count > 0)),
        "guidance_rescale" or "guidance_window" => IsGuided,
        "schedule" => ScheduleNames.All.Any(choice => IsOfUse(path, choice)),
        "layout.threshold" or "layout.start_step" => request.Layout.Mode == Requests.LayoutMode.Auto && IsRead(MethodRules.ReadersOf(path)),
        "instruction" => IsRead(MethodRules.ReadersOf(path)),
        _ when path.StartsWith("layout.", StringComparison.Ordinal) => IsRead(MethodRules.ReadersOf(path)),
        _ => true,
    };

    private static Method? Find(string? name) => MethodCatalog.All.FirstOrDefault(known => known.Name == name);
}
