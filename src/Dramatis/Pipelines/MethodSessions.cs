using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>Opens what acts on one picture besides text: a session for each method that keeps a subject of it. Keeps loaded methods.</summary>
internal sealed class MethodSessions(BaseModel model) : IDisposable
{
    private readonly Dictionary<string, ILoadedMethod> methods = [];

    /// <summary>Loads the methods of all subjects: what does not fit the model is told before anything is painted.</summary>
    /// <param name="request">Complete and valid.</param>
    public void Prepare(GenerationRequest request)
    {
        // All are known before the first is loaded.
        foreach (var method in request.Subjects.Select((_, i) => MethodOf(request, i)).OfType<Method>().Distinct().ToList())
        {
            Load(method);
        }
    }

    /// <param name="request">Complete and valid.</param>
    /// <param name="places">One for each subject.</param>
    public ConditioningSession Open(GenerationRequest request, PromptText prompt, IReadOnlyList<Box> places, PlaceMasks masks)
    {
        var cast = ReadCast(request, prompt, places, masks);
        var opened = new List<ConditioningSession>();
        try
        {
            foreach (var (method, members) in Groups(request, cast))
            {
                opened.Add(Load(method).Open(new()
                {
                    Cast = members,
                    Prompt = prompt.Text,
                    NegativePrompt = request.NegativePrompt.Length > 0 ? request.NegativePrompt : null,
                    Size = request.Size!.Value,
                    HasNegativeRow = request.Guidance > 1,
                    Layout = request.Layout,
                }));
            }
        }
        catch
        {
            opened.ForEach(session => session.Dispose());
            throw;
        }

        return CombinedSession.Of(opened);
    }

    public void Dispose()
    {
        foreach (var method in methods.Values)
        {
            method.Dispose();
        }
    }

    private static List<CastMember> ReadCast(GenerationRequest request, PromptText prompt, IReadOnlyList<Box> places, PlaceMasks masks) =>
    [
        .. request.Subjects.Select((subject, i) => new CastMember(
            subject,
            [.. subject.References.Select((_, k) => ReadVisible(subject, k, $"subjects[{i}]"))],
            places[i],
            prompt.Words[i])
        {
            Mask = masks[i],
        }),
    ];

    private static Picture ReadVisible(Subject subject, int reference, string path)
    {
        var field = $"{path}.references[{reference}]";
        var picture = subject.References[reference].Read(field);
        if (subject.ReferenceMasks.Count > 0)
        {
            var mask = subject.ReferenceMasks[reference].Read($"{path}.reference_masks[{reference}]");
            RegionMask.CheckShape(mask, picture.Size, $"{path}.reference_masks[{reference}]");
            picture = picture.Masked(mask.Resize(picture.Size));
        }

        return picture.HasAlpha && picture.AlphaBounds() is null
            ? throw new InvalidRequestException(field, "is wholly transparent and shows nothing; give a picture of the subject.")
            : picture;
    }

    private List<(Method Method, IReadOnlyList<CastMember> Members)> Groups(GenerationRequest request, List<CastMember> cast)
    {
        var named = cast.Select((member, i) => (Member: member, Method: MethodOf(request, i))).ToArray();
        return
        [
            .. MethodCatalog.All
                .Select(method => (Method: method, Members: (IReadOnlyList<CastMember>)[.. named.Where(item => item.Method == method).Select(item => item.Member)]))
                .Where(group => group.Members.Count > 0 || (request.Layout.File is not null && group.Method.ReadsLayoutFile)),
        ];
    }

    // Null when nothing but weights and words act.
    private Method? MethodOf(GenerationRequest request, int index)
    {
        var subject = request.Subjects[index];
        var method = Named(request, index);
        return method is null || subject.References.Count > 0 || method.TakesLearned
            ? method
            : throw new InvalidRequestException($"subjects[{index}].references", $"is empty, but {method.Name} keeps subjects by their pictures; give one, or leave \"method\" out.");
    }

    private Method? Named(GenerationRequest request, int subject) =>
        request.Subjects[subject].Method is { } own ? MethodCatalog.Find(own, $"subjects[{subject}].method")
        : MethodCatalog.All.FirstOrDefault(method => method.IsMeantBy(request.Subjects[subject])) is { } meant ? meant
        : request.Subjects[subject].IsInWeights ? null
        : request.Method is { } common ? MethodCatalog.Find(common)
        : throw new InvalidRequestException(
            "subjects", $"the model {model.Folder.Path} has no adapter to keep subjects with; use another model, or leave the subjects out.");

    private ILoadedMethod Load(Method method)
    {
        if (!methods.TryGetValue(method.Name, out var loaded))
        {
            loaded = method.Load(model);
            methods.Add(method.Name, loaded);
        }

        return loaded;
    }
}
