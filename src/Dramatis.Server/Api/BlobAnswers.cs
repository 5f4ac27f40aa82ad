using Dramatis.Pictures;
using Microsoft.Net.Http.Headers;
using SkiaSharp;

namespace Dramatis.Server.Api;

/// <summary>Choices by their names, as in JSON.</summary>
internal static class Choices
{
    /// <exception cref="RefusedException">There is no such choice.</exception>
    public static T? Find<T>(string? name, string field)
        where T : struct, Enum
    {
        if (name is null)
        {
            return null;
        }

        foreach (var choice in Enum.GetValues<T>())
        {
            if (string.Equals(choice.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        throw new RefusedException(
            StatusCodes.Status422UnprocessableEntity, field, $"\"{name}\" is unknown; there is {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
    }
}

/// <summary>Pictures as answers. What a blob's id stands for never changes, so that clients need not ask twice.</summary>
internal static class BlobAnswers
{
    private const int MostPixelsWide = 4096;
    private const int UsualQuality = 90;

    /// <param name="format">Null leaves the file as it is, with the record in it.</param>
    /// <param name="width">Null leaves the size.</param>
    public static IResult Of(byte[] png, string blob, PictureFormat? format, int? width)
    {
        if (width is <= 0 or > MostPixelsWide)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "width", $"{width} is not between 1 and {MostPixelsWide}.");
        }

        var tag = new EntityTagHeaderValue($"\"{blob[..16]}-{format ?? PictureFormat.Png}-{width}\"");
        var bytes = width is null && format is null or PictureFormat.Png ? png : Convert(png, format ?? PictureFormat.Png, UsualQuality, width);
        return Results.Bytes(bytes, TypeOf(format ?? PictureFormat.Png), entityTag: tag);
    }

    /// <param name="quality">Of JPEG and WebP, 0 to 100.</param>
    public static byte[] Convert(byte[] png, PictureFormat format, int quality, int? width = null)
    {
        var picture = PictureReader.Read(png, "picture");
        if (width is { } wide && wide != picture.Width)
        {
            picture = picture.Resize(new(wide, Math.Max(1, picture.Height * wide / picture.Width)));
        }

        if (format == PictureFormat.Png)
        {
            return PictureWriter.EncodePng(picture);
        }

        using var bitmap = new SKBitmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        picture.Rgba.CopyTo(bitmap.GetPixelSpan());
        using var data = bitmap.Encode(format == PictureFormat.Jpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Webp, quality);
        return data.ToArray();
    }

    public static string TypeOf(PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => "image/jpeg",
        PictureFormat.Webp => "image/webp",
        _ => "image/png",
    };
}
