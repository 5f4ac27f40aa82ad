using Dramatis.Conditioning;
using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Requests;
using Dramatis.Schedules;
using Dramatis.Weights;
using static TorchSharp.torch;

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
        using var scope = NewDisposeScope();
        var group = ReadGroup(job);
        var order = new MethodOrder
        {
            Cast = ReadCast(job, places, masks),
            Prompt = job.Prompt.Text,
            NegativePrompt = job.NegativePrompt,
            Instruction = job.Request.Instruction,
            Size = job.Size,
            HasNegativeRow = job.IsGuided,
            ExtraCalls = job.Sampler == SamplerKind.Pndm ? 1 : 0,
            Layout = job.Request.Layout,
        };
        var opened = new List<ConditioningSession>();
        try
        {
            foreach (var method in MethodCatalog.All.Where(job.Methods.Contains))
            {
                var members = MembersOf(method, job, order);
                opened.Add(Load(method).Open(order with { Cast = method == job.Group ? [.. members, group!] : members }));
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

    // Whom a method keeps. One who is imagined of changed words is told to whatever paints that as these words.
    private List<CastMember> MembersOf(Method method, PaintingJob job, MethodOrder order) =>
    [
        .. job.Subjects.Zip(order.Cast).Where(item => item.First.Keepers.Contains(method))
            .Select(item => item.First.Method is { } keeper && keeper != method && Load(keeper) is IWordMethod words
                ? words.InWords(item.Second, order)
                : item.Second)
            .OfType<CastMember>(),
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
