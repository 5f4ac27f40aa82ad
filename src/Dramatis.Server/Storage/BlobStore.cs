using System.Security.Cryptography;
using Dramatis.Files;
using Dramatis.Pictures;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Storage;

/// <summary>Pictures by the SHA-256 of their bytes: in a folder, and in the database who may name them.</summary>
/// <param name="shared">Where all of them lie, of which the folder has those that were needed here; null: the folder has all.</param>
internal sealed class BlobStore(IDbContextFactory<ServiceDb> databases, string folder, TimeProvider time, ISharedBlobs? shared = null)
{
    /// <summary>Where a painter finds them: each file is called as its blob.</summary>
    public string Folder => folder;

    /// <summary>Keeps a picture for an owner; the same bytes lie there once.</summary>
    public async Task<BlobRow> PutAsync(string owner, byte[] png, PixelSize size, CancellationToken cancellationToken = default)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(png));
        var path = PathOf(id);
        if (File.Exists(path))
        {
            File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);    // somebody wants it again: it is not old
        }
        else
        {
            AtomicFile.Write(path, stream => stream.Write(png));
        }

        await ShareAsync(id, cancellationToken);

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = new BlobRow
        {
            Id = id,
            Owner = owner,
            Width = size.Width,
            Height = size.Height,
            Bytes = png.Length,
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        if (await db.Blobs.Where(blob => blob.Id == id && blob.Owner == owner)
            .ExecuteUpdateAsync(change => change.SetProperty(blob => blob.Created, row.Created), cancellationToken) > 0)
        {
            return row;
        }

        try
        {
            db.Blobs.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            return row;
        }
        catch (DbUpdateException) when (db.Blobs.AsNoTracking().Any(blob => blob.Id == id && blob.Owner == owner))
        {
            return row;    // another request was quicker
        }
    }

    /// <summary>A blob of an owner's, or null.</summary>
    public async Task<BlobRow?> FindAsync(string owner, string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Blobs.AsNoTracking().FirstOrDefaultAsync(blob => blob.Id == id && blob.Owner == owner, cancellationToken);
    }

    public async Task<byte[]> ReadAsync(string id, CancellationToken cancellationToken)
    {
        await FetchAsync([id], cancellationToken);
        return await File.ReadAllBytesAsync(PathOf(id), cancellationToken);
    }

    /// <summary>Lets the other machines have what lies in the folder.</summary>
    public Task ShareAsync(string id, CancellationToken cancellationToken = default) => shared?.PutAsync(id, PathOf(id), cancellationToken) ?? Task.CompletedTask;

    /// <summary>Sees to it that blobs lie in the folder, as far as there are such.</summary>
    public async Task FetchAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids.Where(id => shared is not null && !Path.Exists(PathOf(id))))
        {
            await shared!.FetchAsync(id, PathOf(id), cancellationToken);
        }
    }

    /// <summary>All there is: pictures, learned files, and models that were learned.</summary>
    public async Task<IReadOnlyList<StoredBlob>> ListAsync(CancellationToken cancellationToken)
    {
        if (shared is null)
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(item => Here(item.Name))];
        }

        var all = new List<StoredBlob>();
        await foreach (var blob in shared.ListAsync(cancellationToken))
        {
            all.Add(blob);
        }

        return all;
    }

    /// <summary>One as it lies in the folder; nothing is of no bytes.</summary>
    public StoredBlob Here(string id) => PathOf(id) is var path && Directory.Exists(path)
        ? new(id, Directory.GetLastWriteTimeUtc(path), new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length))
        : new(id, File.GetLastWriteTimeUtc(path), File.Exists(path) ? new FileInfo(path).Length : 0);

    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await (shared?.RemoveAsync(id, cancellationToken) ?? Task.CompletedTask);
        if (Directory.Exists(PathOf(id)))
        {
            Directory.Delete(PathOf(id), recursive: true);
        }
        else
        {
            File.Delete(PathOf(id));
        }
    }

    /// <summary>Where a model lies that was learned here; any other name stays as it is.</summary>
    public string LocateModel(string model) => Directory.Exists(PathOf(model)) ? PathOf(model) : model;

    public string PathOf(string id) => Path.Combine(folder, id);
}

/// <summary>What lies among the blobs.</summary>
internal readonly record struct StoredBlob(string Id, DateTimeOffset Written, long Bytes);
