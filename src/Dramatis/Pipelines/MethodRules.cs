using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using static Dramatis.Errors.InvalidRequestException;

namespace Dramatis.Pipelines;

/// <summary>A job against what its methods declare: what is missing is refused, what nothing reads is told of.</summary>
internal static class MethodRules
{
    // The text of a value that is given, null where it is the usual one.
    private static readonly (string Field, MethodReads Reader, Func<LayoutOptions, object?> Given)[] LayoutFields =
    [
        ("layout.mode", MethodReads.AutoLayout, layout => layout.Mode == LayoutMode.Auto ? "\"auto\"" : null),
        ("layout.mode", MethodReads.WholeLayout, layout => layout.Mode == LayoutMode.Whole ? "\"whole\"" : null),
        ("layout.threshold", MethodReads.AutoLayout, layout => layout.Threshold == LayoutOptions.Usual.Threshold ? null : layout.Threshold),
        ("layout.start_step", MethodReads.AutoLayout, layout => layout.StartStep == LayoutOptions.Usual.StartStep ? null : layout.StartStep),
        ("layout.grounding", MethodReads.Grounding, layout => layout.Grounding ? null : "false"),
        ("layout.binding", MethodReads.Binding, layout => layout.Binding == 0 ? null : layout.Binding),
        ("layout.compat", MethodReads.Compat, layout => layout.Compat ? "true" : null),
    ];

    private static readonly (string Field, MethodReads Reader, Func<Subject, bool> IsGiven)[] SubjectFields =
    [
        ("references", MethodReads.SeveralReferences, subject => subject.References.Count > 1),
        ("reference_masks", MethodReads.ReferenceMasks, subject => subject.ReferenceMasks.Count > 0),
        ("place", MethodReads.Place, subject => subject.HasPlace),
        ("start", MethodReads.Window, subject => subject.Start is not (null or 0)),
        ("end", MethodReads.Window, subject => subject.End != 1),
    ];

    /// <summary>What a method must read for a field to act; none for fields that every method knows.</summary>
    /// <param name="field">As <c>layout.mode</c>, or of a subject, as <c>start</c>.</param>
    public static MethodReads ReadersOf(string field) => LayoutFields.Where(item => item.Field == field).Select(item => item.Reader)
        .Concat(SubjectFields.Where(item => item.Field == field).Select(item => item.Reader))
        .Append(field == "instruction" ? MethodReads.Instruction : MethodReads.None)
        .Aggregate((all, reader) => all | reader);

    /// <summary>What a method must read for one value of a field of the layout to act.</summary>
    /// <param name="value">As JSON spells it.</param>
    public static MethodReads ReadersOf(string field, string value) => LayoutFields
        .Where(item => item.Field == field && Enum.GetValues<LayoutMode>().Any(mode => RequestField.NameOf($"{mode}") == value && item.Given(new() { Mode = mode }) is not null))
        .Aggregate(MethodReads.None, (all, item) => all | item.Reader);

    private static string ThatKeepLearned => Names(MethodCatalog.All.Where(method => method.Needs == SubjectNeeds.LearnedFile));

    /// <param name="notice">Told the field of each setting that nothing reads, and who would.</param>
    /// <exception cref="InvalidRequestException">A subject lacks what its method keeps it by.</exception>
    public static void Check(PaintingJob job, Action<string, string>? notice)
    {
        for (var i = 0; i < job.Subjects.Count; i++)
        {
            CheckNeeds(job.Subjects[i], $"subjects[{i}]");
        }

        if (notice is not null)
        {
            TellOfLayout(job, notice);
            TellOfSubjects(job, notice);
            TellOfControls(job, notice);
            if (job.Request.Instruction is not null && !AreRead(job, MethodReads.Instruction))
            {
                notice("instruction", $"is not read: {ItIsFor(MethodReads.Instruction, job.Methods)}");
            }
        }
    }

    private static void CheckNeeds(JobSubject item, string field)
    {
        var (subject, learned, method) = item;
        var keepsLearned = method?.Needs == SubjectNeeds.LearnedFile;
        ThrowUnless(
            subject.References.Count > 0 || subject.Learned.Count > 0 || item.Imagining is not null,
            $"{field}.references", "is empty; give at least one picture of the subject, or the file that was learned from some. Words alone are enough for "
                + $"{Names(MethodCatalog.All.Where(candidate => candidate.Reads.HasFlag(MethodReads.Words)))} on a model with a prior.");
        ThrowUnless(
            method is null || keepsLearned || learned.Residual is null,
            $"{field}.method", $"is \"{method?.Name}\", but {learned.Residual} is a residual, which is for {ThatKeepLearned} alone; leave out one of the two.");
        ThrowUnless(
            learned.Residual is null || subject.References.Count == 0,
            $"{field}.learned", "holds a residual beside references, but a subject is kept by one or the other; leave out one of the two.");
        ThrowUnless(
            method?.Needs != SubjectNeeds.References || subject.References.Count > 0 || item.Imagining is not null,
            $"{field}.references", $"is empty, but {method?.Name} keeps subjects by their pictures; give one, or leave \"method\" out.");
        ThrowUnless(
            !keepsLearned || subject.References.Count == 0,
            field, $"\"{subject.Phrase}\" has no residual, and {method?.Name} paints from nothing else; learn one with 'dramatis train {method?.Name}', or "
                + "take another method.");
        ThrowUnless(
            !item.IsInWeights || subject.Method is not null || subject is { Start: null or 0, End: 1 },
            $"{field}.start", "and end are for pictures and residuals: weights and words act in all steps. Leave them out.");
    }

    private static void TellOfLayout(PaintingJob job, Action<string, string> notice)
    {
        var layout = job.Request.Layout;
        foreach (var (field, reader, given) in LayoutFields)
        {
            if (given(layout) is not { } value)
            {
                continue;
            }

            if (reader == MethodReads.AutoLayout && layout.Mode != LayoutMode.Auto)
            {
                notice(field, $"{value} is not read: it is for the mode \"auto\" alone.");
            }
            else if (!AreRead(job, reader))
            {
                notice(field, $"{value} is not read: {ItIsFor(reader, job.Methods)}");
            }
        }
    }

    private static void TellOfSubjects(PaintingJob job, Action<string, string> notice)
    {
        foreach (var (i, item) in job.Subjects.Index())
        {
            if (item.Method is null)
            {
                continue;
            }

            var (subject, keepers) = (item.Subject, item.Keepers.ToArray());
            foreach (var (field, reader, _) in SubjectFields.Where(item => item.IsGiven(subject) && !keepers.Any(method => method.Reads.HasFlag(item.Reader))))
            {
                notice($"subjects[{i}].{field}", $"is not read: {ItIsFor(reader, keepers)}");
            }

            // One that keeps to the place to the letter is enough.
            var problems = keepers.Where(method => subject.HasPlace && method.Reads.HasFlag(MethodReads.Place))
                .Select(method => PlaceProblem(subject, method, job.Request.Layout)).ToArray();
            if (problems.Length > 0 && Array.TrueForAll(problems, problem => problem is not null))
            {
                notice($"subjects[{i}].place", problems[^1]!);
            }
        }
    }

    /// <summary>Why a place is not what a method keeps to, or not to the letter; null where it is.</summary>
    public static string? PlaceProblem(Subject subject, Method method, LayoutOptions layout) =>
        layout.Mode == LayoutMode.Whole && method.Reads.HasFlag(MethodReads.WholeLayout)
            ? "is not read: with the layout \"whole\" every cell shows every subject."
        : layout.Binding == 0 && method.Reads.HasFlag(MethodReads.BoundPlace) ? $"is not read: {method.Name} holds words in places with a layout.binding alone."
        : subject.PlaceMask is not null && !method.Reads.HasFlag(MethodReads.PlaceMask) ? $"is the box around the mask: {method.Name} knows no other places."
        : null;

    private static void TellOfControls(PaintingJob job, Action<string, string> notice)
    {
        foreach (var (i, control) in job.Request.Controls.Index())
        {
            if (control.SeesSubjects && !AreRead(job, MethodReads.SeesSubjects))
            {
                notice($"controls[{i}].sees_subjects", $"is not read: {ItIsFor(MethodReads.SeesSubjects, job.Methods)}");
            }
        }
    }

    private static bool AreRead(PaintingJob job, MethodReads what) => job.Methods.Any(method => method.Reads.HasFlag(what));

    private static string ItIsFor(MethodReads what, IReadOnlyList<Method> keepers) =>
        $"it is for {Names(MethodCatalog.All.Where(method => method.Reads.HasFlag(what)))}, and "
            + $"{(keepers.Count == 0 ? "no method keeps a subject" : $"this is {Names(keepers)}")}.";

    private static string Names(IEnumerable<Method> methods) => string.Join(", ", methods.Select(method => method.Name));
}
