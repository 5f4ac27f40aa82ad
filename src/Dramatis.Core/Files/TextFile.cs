using System.Globalization;
using System.Text;

namespace Dramatis.Files;

/// <summary>Reads text strictly: bytes that are no UTF-8 are an error, and no question marks in a prompt.</summary>
internal static class TextFile
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole text, without a byte order mark.</summary>
    /// <param name="longest">The most bytes such a file may have; a larger one is not read.</param>
    /// <param name="kind">What the file should be, for messages: <c>"an order file"</c>.</param>
    /// <exception cref="InvalidDataException">It is too large, or not UTF-8.</exception>
    /// <exception cref="IOException">It is missing or unreadable.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static string Read(string path, long longest, string kind)
    {
        var length = new FileInfo(path).Length;
        if (length > longest)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"has {length:N0} bytes, too many for {kind}."));
        }

        try
        {
            return Utf8.GetString(File.ReadAllBytes(path)).TrimStart(ByteOrderMark);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"is not UTF-8 text (byte {e.Index}); save it as UTF-8.", e);
        }
    }

    /// <summary>The lines of a file of any length, as they are asked for.</summary>
    /// <exception cref="DecoderFallbackException">It is not UTF-8.</exception>
    /// <inheritdoc cref="Read" path="/exception[@cref='IOException' or @cref='UnauthorizedAccessException']"/>
    public static IEnumerable<string> ReadLines(string path) => File.ReadLines(path, Utf8);
}
