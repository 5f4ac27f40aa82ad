using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Access;

/// <summary>Keys in the database, which every request asks anew: one that is revoked opens nothing from then on.</summary>
internal sealed partial class KeyStore(IDbContextFactory<ServiceDb> databases, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Makes a key. Who had one that was revoked has all that was asked for with it again.</summary>
    /// <exception cref="InvalidRequestException">The name is none, or has a key.</exception>
    public async Task<SecretKey> AddAsync(KeyOrder order, CancellationToken cancellationToken)
    {
        var name = order.Name ?? "";
        InvalidRequestException.ThrowUnless(
            Names().IsMatch(name), "name", $"\"{name}\" is no name for a key; take up to 64 letters, digits and . _ - @.");
        InvalidRequestException.ThrowUnless(order.MaxQueue is null or > 0, "max_queue", $"{order.MaxQueue} is not above 0.");
        InvalidRequestException.ThrowUnless(order.MaxWork is null or > 0, "max_work", $"{order.MaxWork} is not above 0.");
        var key = SecretKey.New();
        var row = new KeyRow
        {
            Name = name,
            Id = key.Id,
            Hash = key.Hash,
            Role = order.Role,
            MaxQueue = order.MaxQueue,
            MaxWork = order.MaxWork,
            Created = Now,
        };
        var isNew = await databases.InTransactionAsync(
            async db =>
            {
                await db.Keys.Where(other => other.Name == name && other.Revoked != null).ExecuteDeleteAsync(cancellationToken);
                var isTaken = await db.Keys.AnyAsync(other => other.Name == name, cancellationToken);
                db.Keys.AddRange(isTaken ? [] : [row]);
                await db.SaveChangesAsync(cancellationToken);
                return !isTaken;
            },
            cancellationToken);
        InvalidRequestException.ThrowUnless(
            isNew, "name", $"\"{name}\" has a key, which nobody can read again; revoke it first with 'dramatis keys revoke {name}', or take another name.");
        return key;
    }

    /// <summary>All there are and were, by name.</summary>
    public async Task<List<KeyRow>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Keys.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
    }

    /// <exception cref="InvalidRequestException">There is no such key, or no longer.</exception>
    public async Task RevokeAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var changed = await db.Keys.Where(row => row.Name == name && row.Revoked == null)
            .ExecuteUpdateAsync(change => change.SetProperty(row => row.Revoked, Now), cancellationToken);
        InvalidRequestException.ThrowUnless(changed > 0, "name", $"\"{name}\" has no key; 'dramatis keys list' says who has.");
    }

    /// <summary>The row of a key that somebody sent, or null for one that opens nothing.</summary>
    public async Task<KeyRow?> FindAsync(string? sent, CancellationToken cancellationToken) =>
        SecretKey.Parse(sent) is { } key && await LiveAsync(key.Id, cancellationToken) is { } row && key.Fits(row.Hash) ? row : null;

    /// <summary>A key that is not revoked, by its part that is no secret; or null.</summary>
    public async Task<KeyRow?> LiveAsync(string? id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Keys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id && row.Revoked == null, cancellationToken);
    }

    /// <summary>The key of an owner, or null.</summary>
    public async Task<KeyRow?> OfOwnerAsync(string owner, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Keys.AsNoTracking().FirstOrDefaultAsync(row => row.Name == owner, cancellationToken);
    }

    /// <summary>Whether there is a key, or one that is not revoked.</summary>
    public async Task<bool> AnyAsync(bool live, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Keys.AnyAsync(row => !live || row.Revoked == null, cancellationToken);
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}._@-]{1,64}$")]
    private static partial Regex Names();
}
