using System.Globalization;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Server.Storage;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Painting;

/// <summary>Between jobs as they are stored and requests as they are painted: blobs become files, and painted pictures blobs.</summary>
internal sealed class PictureKeeper(BlobStore blobs, ModelCatalog catalog, TimeProvider time)
{
    /// <summary>The request of a job, with the files that its blobs and names are here.</summary>
    public async Task<GenerationRequest> OpenAsync(JobRow job, CancellationToken cancellationToken)
    {
        var request = RequestJson.Parse(job.Request, "");
        await blobs.FetchAsync(
            [.. request.Pictures.Select(item => item.Picture.Path!), .. request.Subjects.SelectMany(subject => subject.Learned.Select(file => file.Path))],
            cancellationToken);
        await FetchModelAsync(request.Model, cancellationToken);
        var painted = PictureSwap.In(request, (_, picture) => Reference.FromFile(Path.Combine(blobs.Folder, picture.Path!)));
        return painted with
        {
            Model = painted.Model is { } model ? blobs.LocateModel(model) : null,
            Subjects = [.. painted.Subjects.Select(subject => subject with
            {
                Learned = [.. subject.Learned.Select(file => file with { Path = blobs.PathOf(file.Path) })],
            })],
            Loras = [.. painted.Loras.Select(lora => lora with { File = catalog.LocateWeights(lora.File) })],
        };
    }

    // Names of the catalogue are nothing that was learned here.
    private Task FetchModelAsync(string? model, CancellationToken cancellationToken) =>
        blobs.FetchAsync(model is not null && Guid.TryParse(model, out _) ? [model] : [], cancellationToken);

    /// <summary>A request that was opened as its picture's record has it: names again, as if they were files beside the picture.</summary>
    public GenerationRequest Close(GenerationRequest request) => request with
    {
        Model = Path.GetFileName(request.Model),
        Loras =
        [
            .. request.Loras.Select(lora => lora with
            {
                File = Path.Combine(blobs.Folder, catalog.Entries.FirstOrDefault(entry => entry.Path == lora.File)?.Name ?? Path.GetFileName(lora.File)),
            }),
        ],
    };

    /// <summary>Stores a picture; the job's row in the database comes later, with its event.</summary>
    public async Task<PictureRow> KeepAsync(JobRow job, PictureDone done)
    {
        var size = PictureReader.SizeOf(done.Png, "picture");
        var blob = await blobs.PutAsync(job.Owner, done.Png, size);
        return new()
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Job = job.Id,
            Owner = job.Owner,
            Number = done.Picture,
            Blob = blob.Id,
            Seed = done.Seed.ToString(CultureInfo.InvariantCulture),
            Width = size.Width,
            Height = size.Height,
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>What a client is told of an error; files of this machine are not among it.</summary>
    public JobError Explain(DramatisException e) => new(Hide(e.Message), (e as InvalidRequestException)?.Field);

    private string Hide(string text) => catalog.Entries.Aggregate(
        text.Replace(blobs.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal),
        (hidden, entry) => hidden.Replace(entry.Path, entry.Name, StringComparison.Ordinal));
}
