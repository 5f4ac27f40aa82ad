using System.Diagnostics;
using Dramatis.Errors;
using Dramatis.Methods.Catalog;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>Paints requests and keeps the model of the last one in memory: the <see cref="RunGeneration"/> of a <see cref="ImageGenerator"/>.</summary>
/// <param name="model">Path or name of the model of requests that name none.</param>
internal sealed class PaintingHost(string model, PaintingOptions options) : IDisposable
{
    private (string Key, Painter Painter)? kept;

    /// <summary>Paints all pictures of a request.</summary>
    /// <exception cref="Errors.DramatisException">The request or the model is at fault.</exception>
    /// <exception cref="OperationCanceledException">Stopped within a step.</exception>
    public void Run(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken)
    {
        request.Validate();
        Action<string, string> notice = (field, text) => progress.Report(new Notice(field, text));
        RequestPictures.Check(request, notice);
        var references = PictureRecord.HashReferences(request, MethodCatalog.FilesIn);
        var painter = Open(Locate(request.Model), options.Catalog?.LoadingOf(request.Model ?? model, options.Loading) ?? options.Loading, progress);
        var job = CutOuts.Make(painter.Make(request, notice), options.CutOut, progress);
        foreach (var (i, one) in job.Pictures.Index())
        {
            var painted = painter.Paint(one, Watch(one, i, progress), cancellationToken);
            var record = new PictureRecord(options.Record?.Invoke(one.Request) ?? one.Request, references, painter.Fingerprint);
            progress.Report(new PictureDone(i, one.Seed, PictureWriter.EncodePng(painted, record.ToText(options.RecordFolder))));
        }
    }

    /// <summary>Where the model of a request lies.</summary>
    /// <exception cref="Errors.ModelNotFoundException">There is no such folder, file or name.</exception>
    public string Locate(string? wanted)
    {
        var path = options.Catalog is { } catalog ? catalog.Locate(wanted ?? model) : wanted ?? model;
        return Path.Exists(path)
            ? path
            : throw new ModelNotFoundException(
                path, FileProblem.NotThere(
                    path, "there is no such folder or file; give the folder of a model, with its model_index.json, or a single-file model."));
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

    private Painter Open(string folder, ModelLoading loading, IProgress<GenerationEvent> progress)
    {
        var watch = Stopwatch.StartNew();
        var key = string.Join('\n', [folder, .. loading.Adapters, loading.ImageEncoder, loading.Configs]);
        if (kept?.Key != key)
        {
            kept?.Painter.Dispose();
            kept = null;
            kept = (key, new Painter(BaseModel.Load(folder, loading))
            {
                LocateControl = options.Catalog is { } catalog ? catalog.LocateWeights : path => path,
            });
        }

        progress.Report(new ModelReady(folder, kept.Value.Painter.Fingerprint, watch.Elapsed.TotalSeconds));
        return kept.Value.Painter;
    }
}
