using System.Globalization;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Benches.Toybox;

/// <summary>Paints orders of learned subjects, and keeps the pictures: what is there is not painted again.</summary>
/// <param name="model">The folder of the base model.</param>
/// <param name="steps">Null: the model's own.</param>
internal sealed class LearnedPainter(string model, ISubjectKeeper keeper, LayoutMode layout, int? steps, string folder) : IDisposable
{
    // Models that are methods' own come one after another.
    private (string Folder, Painter Painter)? latest;

    public IReadOnlyList<Picture> Paint(IReadOnlyList<ToyboxOrder> orders, CancellationToken cancellationToken)
    {
        OutputFolder.Create(folder);
        return [.. orders.Select(order => Paint(order, cancellationToken))];
    }

    public void Dispose() => latest?.Painter.Dispose();

    private Picture Paint(ToyboxOrder order, CancellationToken cancellationToken)
    {
        var path = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"{order.Subjects.Count}-{LayoutModes.NameOf(layout)}-{order.Number:D3}.png"));
        if (!File.Exists(path))
        {
            var cast = LearnedRuns.CastOf(order);
            LearnedPainting[] painted = [.. cast.Select((_, i) => keeper.Painted(cast, i, order.Subjects[i].Phrase))];
            PictureWriter.WritePng(path, Open(painted[0].Model ?? model).Paint(ToRequest(order, painted), cancellationToken: cancellationToken));
        }

        return PictureReader.Read(path);
    }

    private GenerationRequest ToRequest(ToyboxOrder order, LearnedPainting[] painted)
    {
        var ordered = new GenerationRequest
        {
            Prompt = order.Prompt,
            Subjects = [.. order.Subjects.Select(subject => new Subject { Phrase = subject.Phrase })],
        };
        LearnedFile? shared = keeper.SharesWeights ? painted[0].Subject!.Learned[0] : null;
        return ordered with
        {
            Prompt = PromptText.Parse(ordered).With(i => painted[i].Words).Written,
            Seed = order.Seed,
            Steps = steps,
            Layout = LayoutOptions.Usual with { Mode = layout },
            Loras = shared is null ? [] : [new(shared.Path)],
            Subjects =
            [
                .. order.Subjects.Zip(painted).Where(pair => pair.Second.Subject is not null).Select(pair => pair.Second.Subject! with
                {
                    Place = layout == LayoutMode.Whole ? null : pair.First.Place,
                    Learned = [.. pair.Second.Subject.Learned.Where(file => file != shared)],
                }),
            ],
        };
    }

    private Painter Open(string path)
    {
        if (latest?.Folder != path)
        {
            latest?.Painter.Dispose();
            latest = null;
            latest = (path, new(BaseModel.Load(path)));
        }

        return latest.Value.Painter;
    }
}
