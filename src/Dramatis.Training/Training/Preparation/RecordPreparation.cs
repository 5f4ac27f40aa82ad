using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Training.FastComposer;
using Dramatis.Training.Preparation.Onnx;
using Dramatis.Training.Records;

namespace Dramatis.Training.Preparation;

/// <summary>
/// Makes a data set of pictures with captions: <c>records.jsonl</c> with a mask for each subject. A run that was stopped goes on where it was; what
/// could not be read is tried again.
/// </summary>
public sealed class RecordPreparation
{
    private readonly PreparationOptions options;
    private readonly IReadOnlyList<PreparationItem> items;
    private readonly RecordMaker maker;
    private readonly string madeWith;

    /// <param name="features">Tell things in two frames apart; null will do where the data has no clips.</param>
    /// <exception cref="InvalidDataSetException">The folder has no pictures.</exception>
    /// <exception cref="InvalidRequestException">A number makes no sense, or there are clips and no features.</exception>
    internal RecordPreparation(PreparationOptions options, PhraseDetector detector, BoxSegmenter segmenter, ISubjectFeatures? features)
    {
        options.Validate();
        this.options = options;
        items = PreparationItem.Find(options.Data, options.Pairs, except: Path.Combine(options.Output, RecordMaker.MasksName));
        InvalidRequestException.ThrowUnless(
            features is not null || items.All(item => item.Reference is null),
            "features",
            $"{options.Data} has clips, and subjects are matched across their frames by features: give a feature model in ONNX form, or a model that has an "
                + "image_encoder.");
        InvalidRequestException.ThrowUnless(
            !options.LabelMaps || items.All(item => item.Reference is null),
            "label_maps", $"are for single pictures, and {options.Data} has clips; prepare those apart, as records alone.");
        maker = new(new(detector, segmenter, options.Filters), features, options);
        madeWith = $"{detector.Fingerprint} {segmenter.Fingerprint} {features?.Fingerprint} {options.MostSubjects} {options.Filters}";
    }

    /// <summary>Opens the models and makes the data set, on the caller's thread.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; what is done is kept.</exception>
    /// <exception cref="DramatisException">A model, the data or a number is at fault, or another run works in the folder.</exception>
    public static PreparationSummary Run(
        PreparationOptions options, PreparationModels models, IProgress<PreparationEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(models);
        using var detector = PhraseDetector.Load(models.Detector);
        using var segmenter = BoxSegmenter.Load(models.Segmenter);
        using var features = models.OpenFeatures();
        return new RecordPreparation(options, detector, segmenter, features).Run(progress, cancellationToken);
    }

    /// <exception cref="FolderInUseException">Another run works in the folder.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; what is done is kept.</exception>
    /// <exception cref="DramatisException">The folder belongs to other models or cannot be written to, or a model fails.</exception>
    internal PreparationSummary Run(IProgress<PreparationEvent>? progress, CancellationToken cancellationToken)
    {
        using var held = FolderLock.Take(options.Output);
        using var journal = PreparationJournal.Open(options.Output, madeWith);
        var lines = new List<JournalLine>();
        foreach (var (i, item) in items.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = journal.Find(item.Name) ?? Prepare(item, journal);
            lines.Add(line);
            progress?.Report(line.Record is { } record
                ? new ItemPrepared(item.Name, i + 1, items.Count, Subjects(record))
                : new ItemSkipped(item.Name, i + 1, items.Count, line.Reason!.Value, line.Problem!));
        }

        var summary = Finish(lines);
        if (options.LabelMaps && summary.Records > 0)
        {
            var records = RecordSet.Load(options.Output, options.MostSubjects).Sift(RecordLabels.Problem).Records;
            LabelFolderWriter.Write(options.Output, new RecordLabels(options.Output, records), cancellationToken);
        }

        return summary;
    }

    private static int Subjects(System.Text.Json.Nodes.JsonObject record) => record["image_phrases"]!.AsArray().Count;

    private JournalLine Prepare(PreparationItem item, PreparationJournal journal)
    {
        JournalLine line;
        try
        {
            line = new(maker.Make(item).ToJson());
        }
        catch (SkippedItemException e)
        {
            line = new(null, e.Reason, e.Message);
        }

        if (line.Reason is not (SkipReason.NoCaption or SkipReason.UnreadablePicture or SkipReason.NoPhrase))
        {
            journal.Add(item.Name, line);
        }

        return line;
    }

    private PreparationSummary Finish(List<JournalLine> lines)
    {
        var records = lines.Where(line => line.Record is not null).Select(line => line.Record!).ToArray();
        return new(
            RecordSet.Write(options.Output, records.Select(record => JsonSerializer.Serialize(record, JournalJson.Default.JsonObject))),
            items.Count,
            records.Length,
            records.Sum(Subjects),
            lines.Where(line => line.Record is null).CountBy(line => line.Reason!.Value).ToDictionary());
    }
}
