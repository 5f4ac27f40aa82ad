using Dramatis.Benches.Toybox;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Cli;

/// <summary>Paints the bench's orders the way users' orders are painted.</summary>
internal static class BenchPainter
{
    public static Func<IReadOnlyList<ToyboxOrder>, IReadOnlyList<Picture>> Open(ModelFolder model, CancellationToken cancellationToken)
    {
        var painter = new Painter(BaseModel.Load(model.Path));
        return orders => [.. orders.Select(order => painter.Paint(ToRequest(order), cancellationToken: cancellationToken))];
    }

    private static GenerationRequest ToRequest(ToyboxOrder order) => new()
    {
        Prompt = order.Prompt,
        Seed = order.Seed,
        Subjects =
        [
            .. order.Subjects.Select(subject => new Subject
            {
                Phrase = subject.Phrase,
                References = [Reference.FromBytes(PictureWriter.EncodePng(subject.Reference))],
                Place = subject.Place,
            }),
        ],
    };
}
