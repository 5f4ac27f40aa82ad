using Dramatis.Errors;
using Dramatis.Methods.Cones2;
using Dramatis.Methods.EasyRef;
using Dramatis.Methods.FastComposer;
using Dramatis.Methods.IpAdapter;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Methods.Catalog;

/// <summary>A way to keep subjects recognisable.</summary>
/// <param name="Name">In requests, and of the adapter's folder.</param>
/// <param name="Summary">One line for help texts.</param>
/// <param name="Reads">What it reads of a request.</param>
/// <param name="Load">Reads the weights that a base model's folder has for it.</param>
internal sealed record Method(string Name, string Summary, MethodReads Reads, Func<BaseModel, ILoadedMethod> Load)
{
    /// <summary>Whether a subject that names no method is this one's, by what it comes with.</summary>
    public Func<Subject, LearnedParts, bool> IsMeantBy { get; init; } = (_, _) => false;

    /// <summary>What each subject must bring.</summary>
    public SubjectNeeds Needs { get; init; }

    /// <summary>Whether a model's prior imagines what its words have come to mean (<see cref="IWordMethod"/>).</summary>
    public Func<ModelFolder, bool> IsImagined { get; init; } = _ => false;

    /// <summary>The layout files that it reads; then it acts on a request with one, even when no subject is its own.</summary>
    public LayoutFormat? LayoutFiles { get; init; }
}

/// <summary>Every method there is. Where several act on one picture, they do in this order: those that replace the text come first.</summary>
internal static class MethodCatalog
{
    public static IReadOnlyList<Method> All { get; } =
    [
        new(MsDiffusionMethod.Name, "several subjects, a picture, words and a place each (MS-Diffusion)", MsDiffusionMethod.Reads, MsDiffusionMethod.Load),
        new(IpAdapterMethod.Name, "pictures of what to paint like, each for a place or for all of it (IP-Adapter)", IpAdapterMethod.Reads,
            IpAdapterMethod.Load),
        new(EasyRefMethod.Name, "a group of pictures that share a style, a character or a scene, read with the prompt (EasyRef)", EasyRefMethod.Reads,
            EasyRefMethod.Load),
        new(FastComposerMethod.Name, "people and things, each a word that a picture changes (FastComposer)", FastComposerMethod.Reads, FastComposerMethod.Load)
        {
            IsImagined = FastComposerFile.IsImagined,
        },
        new(Cones2Method.Name, "several learned subjects, a residual, words and a place each (Cones 2)", Cones2Method.Reads, Cones2Method.Load)
        {
            IsMeantBy = (subject, learned) => learned.Residual is not null || subject is { References: [], HasPlace: true },
            Needs = SubjectNeeds.LearnedFile,
            LayoutFiles = new(GuidanceConfig.Is, GuidanceConfig.ToRequest, path => GuidanceConfig.Load(path).Files),
        },
    ];

    /// <param name="field">The field of the request that names it.</param>
    /// <exception cref="InvalidRequestException">There is no such method.</exception>
    public static Method Find(string name, string field = "method") => All.FirstOrDefault(method => method.Name == name)
        ?? throw InvalidRequestException.Unknown(field, name, All.Select(method => method.Name));

    /// <summary>What keeps subjects by the pictures that a model's prior imagines of changed words; null for a model without.</summary>
    /// <exception cref="InvalidConfigException">The settings of the prior are another kind's.</exception>
    public static Method? Imagining(ModelFolder model) =>
        model.ImaginesLearned ? All.FirstOrDefault(method => method.Reads.HasFlag(MethodReads.Words) && model.Adapters.Contains(method.Name)) : null;

    /// <summary>The same with its weights, which belong to the caller.</summary>
    public static IImaginingMethod? LoadImagining(BaseModel model) => (IImaginingMethod?)Imagining(model.Folder)?.Load(model);

    /// <summary>The order that a layout file stands for by itself; null for a file that no method reads as one.</summary>
    /// <exception cref="InvalidConfigException">It is one, and damaged.</exception>
    public static GenerationRequest? OrderOf(string path) => Formats.FirstOrDefault(format => format.Recognises(path))?.ToRequest(path);

    /// <summary>The files that a layout file names.</summary>
    /// <exception cref="InvalidConfigException">It is none, or damaged.</exception>
    public static IEnumerable<string> FilesIn(string layoutFile) => Formats.SelectMany(format => format.FilesIn(layoutFile));

    private static IEnumerable<LayoutFormat> Formats => All.Select(method => method.LayoutFiles).OfType<LayoutFormat>();
}
