using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Tensors;
using Dramatis.Training;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Painting;

/// <summary>Paints and learns, with the models of this machine. One thing at a time.</summary>
internal sealed class ModelPainting(ServiceSettings settings, ModelCatalog catalog, BlobStore blobs, PictureKeeper keeper) : IPainting
{
    private readonly Cutter cutter = new(catalog);
    private ImageGenerator? generator;

    private PaintingOptions Options => new()
    {
        Catalog = catalog,
        RecordFolder = blobs.Folder,    // a picture's record names blobs
        Record = keeper.Close,
        CutOut = cutter,
        PreviewEvery = settings.PreviewEvery,
        Loading = new() { Device = Devices.Find(settings.Device, "device"), Precision = Precisions.Parse(settings.Precision, "precision") },
    };

    private ImageGenerator Generator => generator ??= ImageGenerator.Open(ModelCatalog.Embedded, Options);

    public Task WarmUpAsync() => Generator.WarmUpAsync(new() { Prompt = "", Steps = 2, Size = new(64, 64) });

    public IAsyncEnumerable<GenerationEvent> PaintAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        Generator.GenerateAsync(request, cancellationToken);

    public IAsyncEnumerable<TrainingEvent> LearnAsync(LearnRequest request, CancellationToken cancellationToken)
    {
        Forget();    // a training brings its own model, and needs the memory
        return Learning.RunAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        Forget();
        cutter.Dispose();
    }

    private void Forget()
    {
        generator?.Dispose();
        generator = null;
    }
}
