using Dramatis.Checkpoints;

namespace Dramatis.Weights;

/// <summary>An archive whose tensors have other names.</summary>
/// <remarks>Where two tensors get one name they are taken for the same, and the first counts. Those without a new name are left out.</remarks>
internal sealed class RenamedArchive : TensorArchive
{
    private readonly TensorArchive archive;
    private readonly Dictionary<string, string> names = [];
    private readonly Dictionary<string, TensorEntry> tensors = [];

    public RenamedArchive(TensorArchive archive, Func<string, string?> rename)
        : base(archive.Path)
    {
        this.archive = archive;
        foreach (var (stored, entry) in archive.Tensors)
        {
            if (rename(stored) is { } name && names.TryAdd(name, stored))
            {
                tensors.Add(name, entry with { Name = name });
            }
        }
    }

    public override string Format => archive.Format;

    public override IReadOnlyDictionary<string, string> Metadata => archive.Metadata;

    public override IReadOnlyDictionary<string, TensorEntry> Tensors => tensors;

    public override void Read(string name, Span<byte> destination) => archive.Read(names[name], destination);

    protected override void Dispose(bool disposing)
    {
    }
}
