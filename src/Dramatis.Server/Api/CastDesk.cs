using Dramatis.Errors;
using Dramatis.Requests;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Api;

/// <summary>Saves subjects, and changes them as their owners want.</summary>
internal sealed class CastDesk(CastStore cast, RequestIntake intake, TimeProvider time)
{
    /// <param name="parts">Pictures that came beside the JSON, by the names that it has for them.</param>
    /// <exception cref="DramatisException">It is no subject, its name is taken, or a picture is none.</exception>
    public async Task<CastRow> AddAsync(string json, IReadOnlyDictionary<string, byte[]> parts, string owner, CancellationToken cancellationToken)
    {
        var order = Parse<CastOrder>(json, "an object with \"name\" and \"pictures\"");
        var row = new CastRow
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Owner = owner,
            Name = Checked(order.Name, "name"),
            Phrase = Checked(order.Phrase ?? order.Name, "phrase"),
            Pictures = await StoreAsync("pictures", order.Pictures, parts, owner, cancellationToken),
            Masks = await StoreAsync("masks", order.Masks, parts, owner, cancellationToken),
            Created = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        return await SaveAsync(row, isNew: true, cancellationToken);
    }

    /// <inheritdoc cref="AddAsync"/>
    public async Task<CastRow> ChangeAsync(
        string id, string json, IReadOnlyDictionary<string, byte[]> parts, string owner, CancellationToken cancellationToken)
    {
        var row = await FindAsync(id, owner, cancellationToken);
        var patch = Parse<CastPatch>(json, "an object with what is to be changed");
        row.Name = Checked(patch.Name ?? row.Name, "name");
        row.Phrase = Checked(patch.Phrase ?? row.Phrase, "phrase");
        row.Pictures = patch.Pictures is { } pictures ? await StoreAsync("pictures", pictures, parts, owner, cancellationToken) : row.Pictures;
        row.Masks = patch.Masks is { } masks ? await StoreAsync("masks", masks, parts, owner, cancellationToken) : row.Masks;
        return await SaveAsync(row, isNew: false, cancellationToken);
    }

    /// <param name="id">Or its name.</param>
    /// <exception cref="RefusedException">There is no such subject of that owner.</exception>
    public async Task<CastRow> FindAsync(string id, string owner, CancellationToken cancellationToken) =>
        await cast.FindAsync(owner, id, cancellationToken) ?? throw RefusedException.NotFound("subject of the cast", id);

    /// <exception cref="RefusedException">It is just being learned.</exception>
    public async Task DeleteAsync(string id, string owner, CancellationToken cancellationToken)
    {
        var row = await FindAsync(id, owner, cancellationToken);
        if (!await cast.DeleteAsync(row.Id, cancellationToken))
        {
            throw new RefusedException(StatusCodes.Status409Conflict, "id", $"\"{row.Name}\" is just being learned; cancel that job first.");
        }
    }

    private static T Parse<T>(string json, string form)
        where T : class
    {
        try
        {
            var order = StrictJson.Parse<T>(json, new(new RequestPaths(RequestIntake.Files)), form);
            FieldRules.CheckAll(order);
            return order;
        }
        catch (InvalidRequestException e) when (e.Field == "request")
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, e.Field, e.Problem);
        }
    }

    // What a request names must be no path, and what a prompt marks has no braces in it.
    private static string Checked(string text, string field) => text.Trim() is { Length: > 0 } trimmed && !trimmed.AsSpan().ContainsAny("/\\{}\0")
        ? trimmed
        : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, field, $"\"{text}\" is empty, or has a slash or a brace; give plain words.");

    private async Task<string> StoreAsync(
        string field, IReadOnlyList<Reference> pictures, IReadOnlyDictionary<string, byte[]> parts, string owner, CancellationToken cancellationToken)
    {
        var stored = new List<string>();
        foreach (var (i, picture) in pictures.Index())
        {
            stored.Add(await intake.StoreAsync($"{field}[{i}]", picture, parts, owner, cancellationToken));
        }

        return CastRow.TextOf(stored);
    }

    private async Task<CastRow> SaveAsync(CastRow row, bool isNew, CancellationToken cancellationToken)
    {
        var (pictures, masks) = (row.PictureIds.Count, row.MaskIds.Count);
        InvalidRequestException.ThrowUnless(pictures > 0, "pictures", "is empty; give at least one picture of it.");
        InvalidRequestException.ThrowUnless(masks == 0 || masks == pictures, "masks", $"are {masks} for {pictures} pictures; give one for each, or none.");
        return await cast.SaveAsync(row, isNew, cancellationToken) ? row : throw new RefusedException(
            StatusCodes.Status409Conflict, "name", $"\"{row.Name}\" is another subject's of your cast; choose another name.");
    }
}
