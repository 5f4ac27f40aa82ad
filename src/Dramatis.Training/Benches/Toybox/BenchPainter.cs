using Dramatis.Methods;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Weights;

namespace Dramatis.Benches.Toybox;

/// <summary>How the bench's orders are painted.</summary>
/// <param name="Method">What keeps subjects; the model's own when null, <see cref="NoMethod"/> for the text alone.</param>
internal sealed record BenchPainting(string? Method, LayoutOptions Layout, double Strength = 1)
{
    public const string NoMethod = "none";

    /// <summary>The fraction of the steps before subjects act; the method's own when null.</summary>
    public double? Start { get; init; }

    /// <summary>Whether subjects come with their words and places, and no reference.</summary>
    public bool ByWords { get; init; }

    /// <summary>What finds subjects in their references; null for nothing.</summary>
    public ICutOut? CutOut { get; init; }

    /// <summary>What becomes of the ground that it finds.</summary>
    public CutOutMode CutOutMode { get; init; }
}

/// <summary>Paints the bench's orders the way users' orders are painted.</summary>
internal static class BenchPainter
{
    public static Func<IReadOnlyList<ToyboxOrder>, IReadOnlyList<Picture>> Open(
        ModelFolder model, BenchPainting painting, CancellationToken cancellationToken)
    {
        var loaded = BaseModel.Load(model.Path);
        var painter = new Painter(loaded);
        return orders => [.. orders.Select(order => painter.Paint(
            CutOuts.Make(painter.Make(ToRequest(order, painting, loaded), notice: null), painting.CutOut), cancellationToken: cancellationToken))];
    }

    private static GenerationRequest ToRequest(ToyboxOrder order, BenchPainting painting, BaseModel model) => new()
    {
        Prompt = order.Prompt,
        Seed = order.Seed,
        Layout = painting.Layout,
        Method = painting.Method is BenchPainting.NoMethod ? null : painting.Method,
        CutOut = painting.CutOutMode,
        Subjects = painting.Method is BenchPainting.NoMethod ? [] :
        [
            .. order.Named is { } named && AreImagined(painting, model) ? [new Subject { Phrase = named.Phrase }] : (Subject[])[],
            .. order.Subjects.Select(subject => new Subject
            {
                Phrase = subject.Phrase,
                References = painting.ByWords ? []
                    : [.. subject.Further.Prepend(subject.Reference).Select(picture => Reference.FromBytes(PictureWriter.EncodePng(picture)))],
                Place = painting.Layout.Mode == LayoutMode.Whole ? null : subject.Place,
                Strength = painting.Strength,
                Start = painting.Start,
            }),
        ],
    };

    // Whether a subject may come with a name alone.
    private static bool AreImagined(BenchPainting painting, BaseModel model) => model.Folder.Has(ModelNetwork.Prior)
        && (painting.Method ?? model.Defaults.Method) is { } method && MethodCatalog.Find(method).Reads.HasFlag(MethodReads.Words);
}
