using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Pipelines;

/// <summary>A request as one model paints it: checked, with nothing left open. Holds no tensors, so that it may wait and cross threads.</summary>
internal sealed record PaintingJob
{
    internal PaintingJob()
    {
    }

    /// <summary>The request, complete with the model's choices: what pictures carry, and where all is that no model decides.</summary>
    public required GenerationRequest Request { get; init; }

    /// <summary>One that the model can paint.</summary>
    public required PixelSize Size { get; init; }

    /// <summary>Of the first picture.</summary>
    public ulong Seed => Request.Seed!.Value;

    public required int Steps { get; init; }

    public required double Guidance { get; init; }

    public required double GuidanceRescale { get; init; }

    public required SamplerKind Sampler { get; init; }

    /// <summary>The model's, with the request's choice of noise levels.</summary>
    public required SchedulerConfig Scheduler { get; init; }

    /// <summary>With learned words where their subjects stand.</summary>
    public required PromptText Prompt { get; init; }

    internal IReadOnlyList<JobSubject> Subjects { get; init; } = [];

    /// <summary>All that act: those that keep subjects, and those that read its own references or its layout file.</summary>
    internal IReadOnlyList<Method> Methods =>
    [
        .. Subjects.SelectMany(subject => subject.Keepers).Concat(Group is null ? [] : [Group])
            .Concat(MethodCatalog.All.Where(method => method.LayoutFiles is not null && Request.Layout.File is not null))
            .Distinct(),
    ];

    /// <summary>What reads the references of the request itself; null where it has none.</summary>
    internal Method? Group { get; init; }

    /// <summary>Null begins with noise.</summary>
    internal JobStart? Start { get; init; }

    /// <summary>With paths for names of the catalogue.</summary>
    internal IReadOnlyList<Control> Controls { get; init; } = [];

    /// <summary>Null for none.</summary>
    public string? NegativePrompt => Request.NegativePrompt.Length > 0 ? Request.NegativePrompt : null;

    /// <summary>Whether negative rows stand before the positive ones.</summary>
    public bool IsGuided => Guidance > 1;

    /// <summary>A job for each picture of the request, with seeds counting up.</summary>
    public IEnumerable<PaintingJob> Pictures => Enumerable.Range(0, Request.Count)
        .Select(i => this with { Request = Request with { Seed = unchecked(Seed + (ulong)i), Count = 1 } });
}

/// <summary>A subject and what keeps it.</summary>
/// <param name="Learned">The subject's files, told apart.</param>
/// <param name="Method">Null when nothing but weights and words act.</param>
internal sealed record JobSubject(Subject Subject, LearnedParts Learned, Method? Method)
{
    /// <summary>What keeps it by the picture that the model's prior imagines of its words, be they known or learned; null where none does.</summary>
    public Method? Imagining { get; init; }

    /// <summary>All that keep it.</summary>
    public IEnumerable<Method> Keepers => new[] { Method, Imagining }.OfType<Method>().Distinct();

    /// <summary>Whether all of it is in the model's weights and words: it has no pictures, not even imagined ones, and no residual.</summary>
    public bool IsInWeights => Subject.References.Count == 0 && Learned.Residual is null && Imagining is null;
}

/// <summary>A picture to begin with.</summary>
/// <param name="Mask">White where it is painted anew; null for all of it.</param>
/// <param name="Denoise">Above 0 to 1: how much of it is noise at first.</param>
internal sealed record JobStart(Reference Image, Reference? Mask, double Denoise);
