using System.Globalization;
using Dramatis.Files;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary>Paints orders of learned subjects, and keeps the pictures: what is there is not painted again.</summary>
/// <param name="open">The painter of a model folder; called for each picture.</param>
/// <param name="model">The folder of the base model.</param>
/// <param name="steps">Null: the model's own.</param>
internal sealed class LearnedPainter(
    Func<string, Painter> open, string model, LearnedMethod method, LearnedRuns runs, LayoutMode layout, int? steps, string folder, CancellationToken cancellationToken)
{
    public IReadOnlyList<Picture> Paint(IReadOnlyList<ToyboxOrder> orders)
    {
        OutputFolder.Create(folder);
        return [.. orders.Select(Paint)];
    }

    private Picture Paint(ToyboxOrder order)
    {
        var path = Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"{order.Subjects.Count}-{LayoutModes.NameOf(layout)}-{order.Number:D3}.png"));
        if (!File.Exists(path))
        {
            var painter = open(method.IsModel ? runs.ModelOf(LearnedRuns.CastOf(order)) : model);
            PictureWriter.WritePng(path, painter.Paint(ToRequest(order), cancellationToken: cancellationToken));
        }

        return PictureReader.Read(path);
    }

    private GenerationRequest ToRequest(ToyboxOrder order)
    {
        var ordered = new GenerationRequest
        {
            Prompt = order.Prompt,
            Subjects = [.. order.Subjects.Select(subject => new Subject { Phrase = subject.Phrase })],
        };
        var (folders, phrases) = Learned(order);
        return ordered with
        {
            Prompt = PromptText.Parse(ordered).With(i => phrases[i]).Written,
            Seed = order.Seed,
            Steps = steps,
            Layout = LayoutOptions.Usual with { Mode = layout },
            Loras = method.SharedName is { } shared ? [new(Path.Combine(folders[0], shared))] : [],
            Subjects = method.IsModel ? [] :
            [
                .. order.Subjects.Select((subject, i) => method.Use(
                    new() { Phrase = phrases[i], Place = layout == LayoutMode.Whole ? null : subject.Place }, folders[i])),
            ],
        };
    }

    // Where what was learned of each subject is, and what prompts call it.
    private (IReadOnlyList<string> Folders, IReadOnlyList<string> Phrases) Learned(ToyboxOrder order)
    {
        var cast = LearnedRuns.CastOf(order);
        return runs.IsMerged(cast)
            ? ([.. cast.Select(_ => runs.TogetherOf(cast))], [.. order.Subjects.Select((subject, i) => $"{LearnedRuns.WordOf(i)} {subject.Phrase}")])
            : method.IsModel && cast.Count > 1 ? ([], runs.PhrasesOf(cast))
            : ([.. cast.Select(subject => runs.ModelOf([subject]))], [.. order.Subjects.Select(subject => method.PhraseIn(runs.ModelOf([subject.Subject]), subject.Phrase))]);
    }
}
