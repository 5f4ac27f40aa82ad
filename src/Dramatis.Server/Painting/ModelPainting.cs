using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.Tensors;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Painting;

/// <summary>Paints, with the models of this machine.</summary>
internal sealed class ModelPainting(ServiceSettings settings, ModelCatalog catalog, BlobStore blobs) : IPainting
{
    private readonly ImageGenerator generator = ImageGenerator.Open(ModelCatalog.Embedded, new()
    {
        Catalog = catalog,
        RecordFolder = blobs.Folder,    // a picture's record names blobs
        PreviewEvery = settings.PreviewEvery,
        Loading = new() { Device = Devices.Find(settings.Device, "device"), Precision = Precisions.Parse(settings.Precision, "precision") },
    });

    public IAsyncEnumerable<GenerationEvent> PaintAsync(GenerationRequest request, CancellationToken cancellationToken) =>
        generator.GenerateAsync(request, cancellationToken);

    public void Dispose() => generator.Dispose();
}
