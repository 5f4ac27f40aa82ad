using Dramatis.Pictures;
using Dramatis.Requests;
using Dramatis.Server.Storage;
using Dramatis.Weights.Catalog;

namespace Dramatis.Server.Api;

/// <summary>A request as it goes into the queue.</summary>
/// <param name="Blobs">The ids of the pictures that it names.</param>
internal sealed record Intake(GenerationRequest Request, IReadOnlyList<string> Blobs);

/// <summary>Takes requests in at the door: pictures become blobs, names are looked up, limits are kept to. Nothing in them is a path.</summary>
internal sealed class RequestIntake(BlobStore blobs, CastStore cast, ModelCatalog catalog, ServiceLimits limits)
{
    /// <summary>Anything but a path; what it names is looked up afterwards.</summary>
    /// <remarks>A picture's record says of a model that was learned here that it lies beside the pictures.</remarks>
    public static RequestFiles Files { get; } = new() { Locate = Plain, LocateModel = text => Plain(text.StartsWith("./", StringComparison.Ordinal) ? text[2..] : text) };

    private readonly CastCall call = new(cast);

    /// <param name="parts">Pictures that came beside the JSON, by the names that it has for them.</param>
    /// <exception cref="RefusedException">It is more than the service gives, or names what is not there.</exception>
    /// <exception cref="Errors.DramatisException">The request is no request, or a picture none.</exception>
    public async Task<Intake> TakeAsync(string json, IReadOnlyDictionary<string, byte[]> parts, string owner, CancellationToken cancellationToken)
    {
        return await TakeAsync(Parse(json), parts, owner, cancellationToken);
    }

    /// <inheritdoc cref="TakeAsync(string, IReadOnlyDictionary{string, byte[]}, string, CancellationToken)"/>
    public async Task<Intake> TakeAsync(
        GenerationRequest request, IReadOnlyDictionary<string, byte[]> parts, string owner, CancellationToken cancellationToken)
    {
        request = await call.FillAsync(request, owner, cancellationToken);
        request = request with { Model = request.Model ?? ModelCatalog.Embedded };
        request.Validate();
        await CheckNamesAsync(request, owner, cancellationToken);
        await limits.CheckSizeAsync(request with { Model = blobs.LocateModel(request.Model) }, owner, cancellationToken);
        var stored = new Dictionary<string, string>();
        foreach (var (field, picture) in request.Pictures)
        {
            stored[field] = await StoreAsync(field, picture, parts, owner, cancellationToken);
        }

        return new(PictureSwap.In(request, (field, _) => Reference.FromFile(stored[field])), [.. stored.Values.Distinct()]);
    }

    /// <summary>Keeps an uploaded picture: upright, in sRGB, without anything else that its file said.</summary>
    /// <param name="field">What an error calls it.</param>
    /// <exception cref="Errors.UnreadablePictureException">It is no picture, broken or too large.</exception>
    public Task<BlobRow> UploadAsync(string field, byte[] bytes, string owner, CancellationToken cancellationToken)
    {
        if (bytes.LongLength > limits.Pictures.Bytes)
        {
            throw new RefusedException(
                StatusCodes.Status413PayloadTooLarge, field, $"{bytes.Length:N0} bytes are more than {limits.Pictures.Bytes:N0}; save the picture smaller.");
        }

        var picture = PictureReader.Read(bytes, field, limits.Pictures);
        return blobs.PutAsync(owner, PictureWriter.EncodePng(picture), picture.Size, cancellationToken);
    }

    /// <summary>Reads a request. It is well formed then, and names no path.</summary>
    /// <exception cref="RefusedException">It is no JSON.</exception>
    /// <exception cref="Errors.InvalidRequestException">A field is unknown, or of the wrong kind.</exception>
    public static GenerationRequest Parse(string json)
    {
        try
        {
            return RequestJson.Parse(CastCall.Read(json), Files);
        }
        catch (Errors.InvalidRequestException e) when (e.Field == "request")
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, e.Field, e.Problem);
        }
    }

    private static string? Plain(string text) => text.AsSpan().ContainsAny('/', '\\', '\0') || text is "." or ".." ? null : text;

    private async Task CheckNamesAsync(GenerationRequest request, string owner, CancellationToken cancellationToken)
    {
        if (await cast.FindLearnedAsync(owner, request.Model!, cancellationToken) is { Phrase: null } learned)
        {
            await blobs.FetchAsync([learned.Id], cancellationToken);
        }
        else
        {
            CheckName("model", request.Model!, isBase: true);
        }

        foreach (var (i, control) in request.Controls.Index())
        {
            CheckName($"controls[{i}].model", control.Model, isBase: false);
        }

        foreach (var (i, lora) in request.Loras.Index())
        {
            CheckName($"loras[{i}].file", lora.File, isBase: false);
        }

        foreach (var (i, file) in request.Subjects.Index().SelectMany(item => item.Item.Learned.Select(file => (item.Index, file))))
        {
            if (await cast.FindLearnedAsync(owner, file.Path, cancellationToken) is not { Phrase: not null })
            {
                throw new RefusedException(
                    StatusCodes.Status422UnprocessableEntity,
                    $"subjects[{i}].learned",
                    $"\"{file.Path}\" was not learned here; files of this machine are not named over HTTP. Name a subject of the cast: \"cast\".");
            }
        }
    }

    /// <exception cref="RefusedException">The service has no model of that name, or nothing to go with one.</exception>
    public void CheckName(string field, string name, bool isBase)
    {
        var names = catalog.Entries.Where(entry => entry.Contents.IsBaseModel == isBase).Select(entry => entry.Name).ToList();
        if (!names.Contains(name))
        {
            throw new RefusedException(
                StatusCodes.Status422UnprocessableEntity, field, names.Count == 0
                    ? $"\"{name}\" is no name of this service, which has none for such files; 'dramatis models add' adds one."
                    : $"\"{name}\" is no name of this service, which has {string.Join(", ", names)}; 'dramatis models add' adds one.");
        }
    }

    /// <summary>The blob of a picture that came with a request, or that was uploaded before.</summary>
    /// <exception cref="RefusedException">There is no such upload.</exception>
    public async Task<string> StoreAsync(
        string field, Reference picture, IReadOnlyDictionary<string, byte[]> parts, string owner, CancellationToken cancellationToken)
    {
        if ((picture.Bytes ?? parts.GetValueOrDefault(picture.Path!)) is { } bytes)
        {
            return (await UploadAsync(field, bytes, owner, cancellationToken)).Id;
        }

        return (await blobs.FindAsync(owner, picture.Path!, cancellationToken))?.Id ?? throw new RefusedException(
            StatusCodes.Status422UnprocessableEntity,
            field,
            $"\"{picture.Path}\" is neither a picture that was uploaded (POST /v1/blobs) nor a part of this request; it may also be a data: URL.");
    }
}
