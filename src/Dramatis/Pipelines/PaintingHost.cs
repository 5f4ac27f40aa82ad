using System.Diagnostics;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>How a host paints.</summary>
public sealed record PaintingOptions
{
    /// <summary>What paths are relative to in the record that a picture carries; null leaves them as they are.</summary>
    public string? RecordFolder { get; init; }

    /// <summary>After so many steps each there is a <see cref="Preview"/>; 0 for none.</summary>
    public int PreviewEvery { get; init; }

    /// <summary>The path of a request's ControlNet, as <see cref="Weights.Catalog.ModelCatalog.LocateWeights"/> finds it.</summary>
    public Func<string, string> LocateControl { get; init; } = path => path;

    /// <summary>How models are read.</summary>
    public ModelLoading Loading { get; init; } = new();
}

/// <summary>Paints requests and keeps the model of the last one in memory: the <see cref="RunGeneration"/> of a <see cref="ImageGenerator"/>.</summary>
/// <param name="locate">The path of a request's model, as <see cref="Weights.Catalog.ModelCatalog.Locate"/> finds it; null is the embedded one.</param>
public sealed class PaintingHost(Func<string?, string> locate, PaintingOptions? options = null) : IDisposable
{
    private readonly PaintingOptions options = options ?? new();
    private (string Folder, Painter Painter)? kept;

    /// <summary>Paints all pictures of a request.</summary>
    /// <exception cref="Errors.DramatisException">The request or the model is at fault.</exception>
    /// <exception cref="OperationCanceledException">Stopped within a step.</exception>
    public void Run(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken)
    {
        request.Validate();
        var references = PictureRecord.HashReferences(request, MethodCatalog.FilesIn);
        var painter = Open(locate(request.Model), progress);
        var job = painter.Make(request, (field, text) => progress.Report(new Notice(field, text)));
        foreach (var (i, one) in job.Pictures.Index())
        {
            var painted = painter.Paint(one, Watch(one, i, progress), cancellationToken);
            var record = new PictureRecord(one.Request, references, painter.Fingerprint);
            progress.Report(new PictureDone(i, one.Request.Seed, PictureWriter.EncodePng(painted, record.ToText(options.RecordFolder))));
        }
    }

    public void Dispose() => kept?.Painter.Dispose();

    private PaintWatch Watch(PaintingJob one, int picture, IProgress<GenerationEvent> progress) => new()
    {
        Step = (step, count) => progress.Report(new StepDone(picture, step, count)),
        Placed = (subject, place) => progress.Report(new SubjectPlaced(picture, subject, one.Subjects[subject].Subject.Phrase, place)),
        Notice = picture == 0 ? (field, text) => progress.Report(new Notice(field, text)) : null,
        Preview = options.PreviewEvery == 0 ? null : (step, look) => progress.Report(new Preview(picture, step, PictureWriter.EncodePng(look))),
        PreviewEvery = options.PreviewEvery,
    };

    private Painter Open(string folder, IProgress<GenerationEvent> progress)
    {
        var watch = Stopwatch.StartNew();
        if (kept?.Folder != folder)
        {
            kept?.Painter.Dispose();
            kept = null;
            kept = (folder, new Painter(BaseModel.Load(folder, options.Loading)) { LocateControl = options.LocateControl });
        }

        progress.Report(new ModelReady(folder, kept.Value.Painter.Fingerprint, watch.Elapsed.TotalSeconds));
        return kept.Value.Painter;
    }
}
