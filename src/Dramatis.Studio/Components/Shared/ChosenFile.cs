using Dramatis.Errors;
using Microsoft.AspNetCore.Components.Forms;

namespace Dramatis.Studio.Components.Shared;

/// <summary>Files that come from the browser, in pieces.</summary>
internal static class ChosenFile
{
    public const long Largest = 64 << 20;

    /// <exception cref="UnreadablePictureException">It is larger than what is taken.</exception>
    public static void Check(string name, long size)
    {
        if (size > Largest)
        {
            throw new UnreadablePictureException(name, $"has {size >> 20} MB, more than the {Largest >> 20} that are taken; save it smaller.");
        }
    }

    /// <inheritdoc cref="Check" path="/exception"/>
    public static async Task<byte[]> ReadAsync(IBrowserFile file, CancellationToken stop)
    {
        Check(file.Name, file.Size);
        await using var stream = file.OpenReadStream(Largest, stop);
        return await ReadAsync(stream, file.Size, stop);
    }

    public static async Task<byte[]> ReadAsync(Stream stream, long size, CancellationToken stop)
    {
        using var bytes = new MemoryStream((int)size);
        await stream.CopyToAsync(bytes, stop);
        return bytes.ToArray();
    }
}
