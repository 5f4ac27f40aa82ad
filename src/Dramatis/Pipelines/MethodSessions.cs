using Dramatis.Conditioning;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>Opens what acts on one picture besides text: a session for each method that keeps a subject of it. Keeps loaded methods.</summary>
internal sealed class MethodSessions(BaseModel model) : IDisposable
{
    private readonly Dictionary<string, ILoadedMethod> methods = [];

    /// <summary>Loads all methods of a job: what does not fit the model is told before anything is painted.</summary>
    /// <returns>What they make of the model's weights.</returns>
    public IReadOnlyList<WeightPatch> Prepare(PaintingJob job) => [.. job.Methods.Select(method => Load(method).Patch).OfType<WeightPatch>()];

    /// <param name="places">One for each subject.</param>
    public ConditioningSession Open(PaintingJob job, IReadOnlyList<Box> places, PlaceMasks masks)
    {
        var cast = ReadCast(job, places, masks);
        var group = ReadGroup(job);
        var opened = new List<ConditioningSession>();
        try
        {
            foreach (var (method, members) in Groups(job, cast))
            {
                opened.Add(Load(method).Open(new()
                {
                    Cast = method == job.Group ? [.. members, group!] : members,
                    Prompt = job.Prompt.Text,
                    NegativePrompt = job.NegativePrompt,
                    Instruction = job.Request.Instruction,
                    Size = job.Size,
                    HasNegativeRow = job.IsGuided,
                    ExtraCalls = job.Sampler == SamplerKind.Pndm ? 1 : 0,
                    Layout = job.Request.Layout,
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

    private static List<CastMember> ReadCast(PaintingJob job, IReadOnlyList<Box> places, PlaceMasks masks) =>
    [
        .. job.Subjects.Select((item, i) => new CastMember(
            item.Subject,
            RequestPictures.ReadVisible(item.Subject, $"subjects[{i}]."),
            places[i],
            job.Prompt.Words[i])
        {
            Learned = item.Learned,
            Mask = masks[i],
        }),
    ];

    // As a subject that no words mean.
    private static CastMember? ReadGroup(PaintingJob job) => job.Group is null
        ? null
        : new(RequestPictures.GroupOf(job.Request), RequestPictures.ReadVisible(RequestPictures.GroupOf(job.Request), ""), Box.Whole, 0..0);

    private static List<(Method Method, IReadOnlyList<CastMember> Members)> Groups(PaintingJob job, List<CastMember> cast) =>
    [
        .. MethodCatalog.All.Where(job.Methods.Contains)
            .Select(method => (Method: method, Members: (IReadOnlyList<CastMember>)[.. cast.Where((_, i) => job.Subjects[i].Keepers.Contains(method))])),
    ];

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
