using System.Diagnostics;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Weights;

namespace Dramatis.Pipelines;

/// <summary>Paints requests and keeps the model of the last one in memory: the <see cref="RunGeneration"/> of a <see cref="ImageGenerator"/>.</summary>
/// <param name="locate">The folder of a request's model; null is the embedded one.</param>
/// <param name="recordFolder">What paths are relative to in the record that a picture carries; null leaves them as they are.</param>
public sealed class PaintingHost(Func<string?, string> locate, string? recordFolder = null) : IDisposable
{
    private (string Folder, Painter Painter)? kept;

    /// <summary>Paints all pictures of a request.</summary>
    /// <exception cref="Errors.DramatisException">The request or the model is at fault.</exception>
    /// <exception cref="OperationCanceledException">Stopped within a step.</exception>
    public void Run(GenerationRequest request, IProgress<GenerationEvent> progress, CancellationToken cancellationToken)
    {
        request.Validate();
        var references = PictureRecord.HashReferences(request);
        var painter = Open(locate(request.Model), progress);
        for (var i = 0; i < request.Count; i++)
        {
            var picture = i;
            var one = painter.Defaults.Complete(request) with { Seed = unchecked(request.Seed + (ulong)i), Count = 1 };
            var painted = painter.Paint(
                one,
                (step, count) => progress.Report(new StepDone(picture, step, count)),
                (subject, place) => progress.Report(new SubjectPlaced(picture, subject, one.Subjects[subject].Phrase, place)),
                cancellationToken);
            var record = new PictureRecord(one, references, painter.Fingerprint);
            progress.Report(new PictureDone(i, one.Seed, PictureWriter.EncodePng(painted, record.ToText(recordFolder))));
        }
    }

    public void Dispose() => kept?.Painter.Dispose();

    private Painter Open(string folder, IProgress<GenerationEvent> progress)
    {
        var watch = Stopwatch.StartNew();
        if (kept?.Folder != folder)
        {
            kept?.Painter.Dispose();
            kept = null;
            kept = (folder, new Painter(BaseModel.Load(folder)));
        }

        progress.Report(new ModelReady(folder, kept.Value.Painter.Fingerprint, watch.Elapsed.TotalSeconds));
        return kept.Value.Painter;
    }
}
