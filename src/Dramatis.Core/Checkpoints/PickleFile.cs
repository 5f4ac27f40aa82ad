using Dramatis.Checkpoints.Pickles;
using Dramatis.Errors;

namespace Dramatis.Checkpoints;

/// <summary>A file of <c>torch.save</c> (<c>.bin</c>, <c>.pt</c>, <c>.ckpt</c>), read as data: nothing in it is ever executed.</summary>
/// <remarks>
/// Both layouts are known, the zip and the one before PyTorch 1.6. A tensor's name is the path to it, keys and positions joined by
/// dots: <c>image_proj.proj_in.weight</c>. A file that is one tensor calls it <c>root</c>.
/// </remarks>
internal sealed class PickleFile : TensorArchive
{
    private readonly ITorchContainer container;
    private readonly IReadOnlyDictionary<string, PickleTensor> views;

    private PickleFile(string path, ITorchContainer container)
        : base(path)
    {
        this.container = container;
        views = PickleContents.Tensors(container.Contents);
        Tensors = views.ToDictionary(item => item.Key, item => Describe(item.Key, item.Value), StringComparer.Ordinal);
        Metadata = PickleContents.Facts(container.Contents);
    }

    /// <summary>All that the file holds, tensors without their values.</summary>
    public PickleValue Contents => container.Contents;

    public override string Format => container.Format;

    /// <summary>Texts and numbers that lie beside the tensors, for example <c>epoch</c>.</summary>
    public override IReadOnlyDictionary<string, string> Metadata { get; }

    public override IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Opens a file and reads what it says of its tensors; their values stay where they are.</summary>
    /// <exception cref="InvalidCheckpointException">It is missing, unreadable, damaged, no file of torch.save, or asks for more than data.</exception>
    public static new PickleFile Open(string path)
    {
        ITorchContainer? container = null;
        try
        {
            container = OpenContainer(path);
            return new(path, container);
        }
        catch (Exception e)
        {
            container?.Dispose();
            if (Refusal(path, e) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
    }

    public override void Read(string name, Span<byte> destination)
    {
        if (!views.TryGetValue(name, out var view))
        {
            throw HasNo(name);
        }

        try
        {
            PickleViews.Read(container, view, destination[..checked((int)Tensors[name].ByteCount)]);
        }
        catch (Exception e) when (Refusal(Path, e) is not null)
        {
            throw Refusal(Path, e)!;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            container.Dispose();
        }
    }

    private static ITorchContainer OpenContainer(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var start = CheckpointFormats.Start(file);
        var format = CheckpointFormats.Of(start);
        if (format is CheckpointFormat.TorchZip)
        {
            return new TorchZip(file);
        }

        if (format is CheckpointFormat.TorchLegacy)
        {
            return new TorchLegacy(file);
        }

        file.Dispose();
        throw new PickleException(CheckpointFormats.Advice(start) ?? "is no file of torch.save");
    }

    // What the outside world and the format's readers throw, in the words of this library.
    private static InvalidCheckpointException? Refusal(string path, Exception e) => e switch
    {
        PickleException => new(path, $"{e.Message}.", e),
        InvalidDataException or EndOfStreamException => new(path, $"is damaged: {e.Message} Copy or download it again.", e),
        IOException or UnauthorizedAccessException => new(path, e),
        _ => null,
    };

    private static TensorEntry Describe(string name, PickleTensor view) =>
        new(name, TorchTypes.Of(view.Type), view.Shape, view.Shape.Aggregate((long)view.Type.Size, (product, size) => product * size));
}
