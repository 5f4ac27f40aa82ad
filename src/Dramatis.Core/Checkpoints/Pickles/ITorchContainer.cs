namespace Dramatis.Checkpoints.Pickles;

/// <summary>A file of <c>torch.save</c>, in one of its layouts: a pickle, and the bytes of the storages that it refers to.</summary>
internal interface ITorchContainer : IDisposable
{
    /// <summary>For people.</summary>
    string Format { get; }

    PickleValue Contents { get; }

    /// <summary>Whether values are stored with their most significant byte first.</summary>
    bool IsBigEndian { get; }

    /// <summary>Copies bytes of a storage as the file has them.</summary>
    /// <exception cref="PickleException">They are damaged.</exception>
    void Read(PickleStorage storage, long offset, Span<byte> destination);
}
