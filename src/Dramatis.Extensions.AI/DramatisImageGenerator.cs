using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Microsoft.Extensions.AI;

namespace Dramatis.Extensions.AI;

/// <summary>An <see cref="ImageGenerator"/> as .NET's AI libraries know one. Any number of threads may ask at once; requests take turns.</summary>
/// <remarks>
/// <para>
/// <see cref="ImageGenerationOptions.AdditionalProperties"/> are fields of the order file (<c>steps</c>, <c>seed</c>, <c>subjects</c>), as JSON has
/// them; <c>subjects</c> may be <see cref="Subject"/>s. <see cref="DramatisImageGenerationOptions.WithDramatis"/> changes the request in C# instead.
/// </para>
/// <para>
/// <see cref="ImageGenerationRequest.OriginalImages"/>: as many as the prompt marks words (<c>a {cat} and a {dog}</c>), and each is the picture of a
/// subject; one, and no word is marked, and it is what painting begins with (image to image).
/// </para>
/// <para>
/// Pictures carry their request. <see cref="ImageGenerationResponse.RawRepresentation"/> has the <see cref="GenerationEvent"/>s that are worth keeping:
/// notices, places, and pictures with their seeds.
/// </para>
/// </remarks>
public sealed class DramatisImageGenerator : IImageGenerator
{
    private static readonly Dictionary<string, PictureFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/png"] = PictureFormat.Png,
        ["image/jpeg"] = PictureFormat.Jpeg,
        ["image/webp"] = PictureFormat.Webp,
    };

    private readonly ImageGenerator generator;
    private readonly RequestFiles files;

    /// <param name="generator">Disposed with this one.</param>
    /// <param name="files">What <see cref="ImageGenerationOptions.AdditionalProperties"/> and model ids may name; null: no file and no model.</param>
    public DramatisImageGenerator(ImageGenerator generator, RequestFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        this.generator = generator;
        this.files = files ?? RequestFiles.None;
    }

    /// <inheritdoc/>
    /// <exception cref="DramatisException">The request or the model is at fault; the message says what, where and the cure.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed.</exception>
    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (type, format) = FormatOf(options);
        var events = new List<GenerationEvent>();
        await foreach (var item in generator.GenerateAsync(RequestMapping.Map(request, options, files), cancellationToken).ConfigureAwait(false))
        {
            if (item is not (StepDone or Preview))
            {
                events.Add(item);
            }
        }

        return new([.. events.OfType<PictureDone>().Select(ToContent)]) { RawRepresentation = events };

        DataContent ToContent(PictureDone picture) => new(PictureWriter.Convert(picture.Png, format), type) { RawRepresentation = picture };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(generator) ? generator
            : serviceType == typeof(ImageGeneratorMetadata) ? new ImageGeneratorMetadata("dramatis")
            : null;
    }

    /// <summary>Stops what is being painted, and gives the model's memory back.</summary>
    public void Dispose() => generator.Dispose();

    private static (string Type, PictureFormat Format) FormatOf(ImageGenerationOptions? options)
    {
        InvalidRequestException.ThrowUnless(
            options?.ResponseFormat is null or ImageGenerationResponseFormat.Data,
            nameof(options.ResponseFormat), $"is {options?.ResponseFormat}, but pictures are put nowhere; use {nameof(ImageGenerationResponseFormat.Data)}.");
        InvalidRequestException.ThrowUnless(
            options?.StreamingCount is null or 0,
            nameof(options.StreamingCount),
            $"is {options?.StreamingCount}, but this call returns finished pictures; {nameof(ImageGenerator)}.GenerateAsync streams previews.");
        var type = options?.MediaType ?? "image/png";
        return Formats.TryGetValue(type, out var format)
            ? (type, format)
            : throw new InvalidRequestException(nameof(options.MediaType), $"is {type}; choose {string.Join(", ", Formats.Keys)}.");
    }
}
