using Dramatis.Checkpoints;

namespace Dramatis.Weights;

/// <summary>Several archives as one. Of tensors with one name that of the first archive counts.</summary>
/// <param name="archives">Borrowed; messages name the first.</param>
internal sealed class JoinedArchive(params IReadOnlyList<TensorArchive> archives) : TensorArchive(archives[0].Path)
{
    private readonly Dictionary<string, TensorArchive> holders = archives.Reverse()
        .SelectMany(archive => archive.Tensors.Keys.Select(name => (name, archive)))
        .Aggregate(new Dictionary<string, TensorArchive>(), (found, item) =>
        {
            found[item.name] = item.archive;
            return found;
        });

    public override IReadOnlyList<string> Files => [.. archives.SelectMany(archive => archive.Files)];

    public override string Format => archives[0].Format;

    public override IReadOnlyDictionary<string, string> Metadata => archives[0].Metadata;

    public override IReadOnlyDictionary<string, TensorEntry> Tensors =>
        field ??= holders.ToDictionary(item => item.Key, item => item.Value.Tensors[item.Key], StringComparer.Ordinal);

    public override void Read(string name, Span<byte> destination) =>
        (holders.GetValueOrDefault(name) ?? throw HasNo(name)).Read(name, destination);

    protected override void Dispose(bool disposing)
    {
    }
}
