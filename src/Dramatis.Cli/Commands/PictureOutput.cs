using System.Globalization;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Pictures;

namespace Dramatis.Cli.Commands;

/// <summary>Where the pictures of a call go: a file, numbered files, a folder, a device, or standard output. No file is replaced unasked.</summary>
internal sealed class PictureOutput
{
    /// <summary>Standard output, as names of files say it.</summary>
    public const string Standard = "-";

    private const string UsualName = "out.png";

    private readonly string path;
    private readonly bool isNumbered;
    private readonly bool overwrites;
    private readonly PictureFormat format;
    private int number = 1;    // of the next file

    private PictureOutput(string path, bool isNumbered, bool overwrites)
    {
        (this.path, this.isNumbered, this.overwrites) = (path, isNumbered, overwrites);
        HasFiles = path != Standard && !SpecialFile.Is(path);
        format = HasFiles ? PictureFormats.OfPath(path) : PictureFormat.Png;
    }

    /// <summary>Whether pictures become files that stay.</summary>
    public bool HasFiles { get; }

    /// <summary>Where the files go; null when there are none.</summary>
    public string? Folder => HasFiles ? Path.GetDirectoryName(Path.GetFullPath(path)) : null;

    /// <param name="given">A file, a folder that is there or ends in a slash, or <see cref="Standard"/>.</param>
    /// <param name="count">How many pictures will come.</param>
    /// <exception cref="OutputNotWrittenException">Nothing can be written there, and nothing is done yet.</exception>
    public static PictureOutput Open(string given, int count, bool overwrites)
    {
        InvalidRequestException.ThrowUnless(!string.IsNullOrWhiteSpace(given), "--output", "is empty; name a file, or a folder.");
        var isFolder = Path.EndsInDirectorySeparator(given) || Directory.Exists(given);
        if (isFolder)
        {
            OutputFolder.Create(given);
        }

        var output = new PictureOutput(isFolder ? Path.Combine(given, UsualName) : given, count > 1, overwrites);
        if (output.HasFiles)
        {
            AtomicFile.Probe(output.path);
        }
        else if (count > 1)
        {
            throw new OutputNotWrittenException(given, $"{count} pictures would follow each other in one stream; give a file or a folder.");
        }

        return output;
    }

    /// <summary>Writes a picture that was painted, with its record.</summary>
    /// <returns>Where it went.</returns>
    public string Write(byte[] png)
    {
        var bytes = PictureWriter.Convert(png, format);
        if (path == Standard)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(bytes);
            return Standard;
        }

        for (; ; number++)
        {
            var file = HasFiles ? NumberOf(number) : path;
            if (overwrites || !HasFiles)
            {
                AtomicFile.Write(file, stream => stream.Write(bytes));
            }
            else if (!AtomicFile.TryWriteNew(file, stream => stream.Write(bytes)))
            {
                continue;
            }

            number++;
            return file;
        }
    }

    /// <summary>Writes what a picture looks like so far, in the place of what it looked like before.</summary>
    public string WritePreview(byte[] png)
    {
        while (!overwrites && File.Exists(NumberOf(number)))
        {
            number++;
        }

        var file = Path.ChangeExtension(NumberOf(number), ".preview.png");
        AtomicFile.Write(file, stream => stream.Write(png));
        return file;
    }

    /// <summary>What is to be told of a picture's record; null where it is in the picture.</summary>
    public string? Missing(byte[] png) => !PictureWriter.HasRoomFor(PictureText.Read(png), format)
        ? "JPEG has no room for this picture's request, which holds whole pictures: --again will not repeat it. PNG and WebP have."
        : null;

    private string NumberOf(int number) => number == 1 && !isNumbered ? path : string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path))}-{number}{Path.GetExtension(path)}");
}
