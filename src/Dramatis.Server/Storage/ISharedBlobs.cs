namespace Dramatis.Server.Storage;

/// <summary>Where blobs lie that several machines share; each has a folder of its own besides, with those that it has seen.</summary>
internal interface ISharedBlobs
{
    /// <summary>Stores a file, or a folder of files, under a name.</summary>
    Task PutAsync(string id, string path, CancellationToken cancellationToken);

    /// <summary>Brings it to a path.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> FetchAsync(string id, string path, CancellationToken cancellationToken);

    IAsyncEnumerable<StoredBlob> ListAsync(CancellationToken cancellationToken);

    Task RemoveAsync(string id, CancellationToken cancellationToken);
}
