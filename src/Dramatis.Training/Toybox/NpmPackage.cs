using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using Dramatis.Errors;

namespace Dramatis.Toybox;

/// <summary>One pinned package of the npm registry.</summary>
internal sealed record NpmPackage(string Name, string Version)
{
    /// <summary>The archive's path in a folder, as <c>npm pack</c> names it.</summary>
    public string ArchiveIn(string folder) =>
        Path.Combine(folder, $"{Name.TrimStart('@').Replace('/', '-')}-{Version}.tgz");

    /// <summary>Fetches the archive with the npm client unless it is there already.</summary>
    /// <exception cref="InvalidDataSetException">npm is not installed, or it failed.</exception>
    public void Fetch(string folder)
    {
        if (File.Exists(ArchiveIn(folder)))
        {
            return;
        }

        var start = new ProcessStartInfo("npm", ["pack", "--silent", $"{Name}@{Version}"])
        {
            WorkingDirectory = Directory.CreateDirectory(folder).FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using var npm = Process.Start(start)!;
            var errors = npm.StandardError.ReadToEndAsync();
            npm.StandardOutput.ReadToEnd();
            npm.WaitForExit();
            if (npm.ExitCode != 0 || !File.Exists(ArchiveIn(folder)))
            {
                throw new InvalidDataSetException(
                    ArchiveIn(folder), $"npm could not fetch {Name}@{Version}: {errors.GetAwaiter().GetResult().Trim()}");
            }
        }
        catch (Win32Exception e)
        {
            throw new InvalidDataSetException(
                ArchiveIn(folder), "is missing and npm is not installed; install Node.js, or put the archive there and name the folder with --packages.", e);
        }
    }

    /// <summary>Reads the files of the archive in a folder one after another.</summary>
    /// <param name="read">Gets the name of each file, and what reads its bytes.</param>
    /// <exception cref="InvalidDataSetException">The archive is missing or damaged.</exception>
    public void Read(string folder, Action<string, Func<byte[]>> read)
    {
        var archive = ArchiveIn(folder);
        try
        {
            using var file = File.OpenRead(archive);
            using var unzipped = new GZipStream(file, CompressionMode.Decompress);
            using var tar = new TarReader(unzipped);
            while (tar.GetNextEntry() is { } entry)
            {
                read(entry.Name, () => Bytes(entry.DataStream!));
            }
        }
        catch (Exception e) when (FileProblem.Is(e) || e is InvalidOperationException or KeyNotFoundException)    // JSON of another form
        {
            throw new InvalidDataSetException(archive, $"{(e is IOException or UnauthorizedAccessException ? FileProblem.Of(archive, e) : "is damaged, or another version of it.")} Fetch it again.", e);
        }
    }

    private static byte[] Bytes(Stream stream)
    {
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
