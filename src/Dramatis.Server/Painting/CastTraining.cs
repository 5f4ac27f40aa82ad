using System.Diagnostics;
using System.Security.Cryptography;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Training;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Painting;

/// <summary>Learns a subject of the cast, in a folder of the job's own: whoever takes the job up again goes on where it was.</summary>
internal sealed class CastTraining(
    IPainting painting, PictureKeeper keeper, BlobStore blobs, ModelCatalog catalog, ServiceSettings settings, TimeProvider time)
{
    private static readonly TimeSpan StepsApart = TimeSpan.FromSeconds(.25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>What was learned; it lies where blobs do.</returns>
    /// <exception cref="DramatisException">The request cannot be done.</exception>
    /// <exception cref="OperationCanceledException">Stopped; a checkpoint was written first.</exception>
    public async Task<LearnedRow> RunAsync(JobRow job, JobReport report, CancellationToken cancellationToken)
    {
        var asked = LearnRequestJson.Parse(job.Request, blobs.Folder);
        var request = asked with { Model = catalog.Locate(asked.Model), Output = TrainingFolders.Of(settings, job.Id) };
        await blobs.FetchAsync(
            request.Subjects.SelectMany(subject => subject.References.Concat(subject.ReferenceMasks)).Select(picture => Path.GetFileName(picture.Path!)), cancellationToken);
        await FreeAsync(request.Output, cancellationToken);
        var told = Stopwatch.StartNew();
        await foreach (var item in painting.LearnAsync(request, cancellationToken))
        {
            switch (item)
            {
                case TrainingStepDone step when step.Step < step.Steps && step.Step > 1 && told.Elapsed < StepsApart:
                    break;
                case TrainingEvaluated evaluated:
                    await ShowAsync(job, request, evaluated, report);
                    break;
                default:
                    told.Restart();
                    report.Add(item);
                    break;
            }
        }

        var learned = Keep(job, asked.Model!, request, report);
        await blobs.ShareAsync(learned.Id, cancellationToken);
        return learned;
    }

    /// <summary>Clears away what only a training that goes on needs.</summary>
    public void Forget(string job) => TrainingFolders.Remove(settings, job);

    // A painter that was taken for dead may still be at it; it stops as soon as it is told that its lease is lost.
    private static async Task FreeAsync(string folder, CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(200, cancellationToken))
        {
            try
            {
                FolderLock.Take(folder).Dispose();
                return;
            }
            catch (FolderInUseException) when (watch.Elapsed < Patience)
            {
                // once more
            }
        }
    }

    private async Task ShowAsync(JobRow job, LearnRequest request, TrainingEvaluated evaluated, JobReport report)
    {
        var sheet = Directory.EnumerateFiles(Path.Combine(request.Output, Trainer.SamplesFolder), $"*-{evaluated.Step:D6}.png").First();
        var step = checked((int)evaluated.Step);
        report.Add(evaluated, await keeper.KeepAsync(job, new(step, request.Seed, await File.ReadAllBytesAsync(sheet))));
    }

    private LearnedRow Keep(JobRow job, string model, LearnRequest request, JobReport report)
    {
        var painted = Learning.Painted(request)[0];
        var learned = new LearnedRow
        {
            Job = job.Id,
            Id = painted.Model is { } folder ? KeepFolder(job.Id, folder) : KeepFile(painted.Subject!.Learned[0].Path),
            Cast = job.Cast!,
            Owner = job.Owner,
            Method = request.Method,
            Model = model,
            Words = painted.Words,
            Phrase = painted.Subject?.Phrase,
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        report.Add(JobEvent.Of(JobEvent.Learned, new { cast = learned.Cast, method = learned.Method, words = learned.Words }));
        return learned;
    }

    private string KeepFile(string path)
    {
        using var stream = File.OpenRead(path);
        var id = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (!File.Exists(blobs.PathOf(id)))
        {
            stream.Position = 0;
            AtomicFile.Write(blobs.PathOf(id), stream.CopyTo);
        }

        return id;
    }

    private string KeepFolder(string job, string folder)
    {
        if (Directory.Exists(blobs.PathOf(job)))
        {
            Directory.Delete(blobs.PathOf(job), recursive: true);    // of an attempt that died right then
        }

        Directory.Move(folder, blobs.PathOf(job));
        return job;
    }
}
