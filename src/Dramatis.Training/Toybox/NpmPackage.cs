using System.ComponentModel;
using System.Diagnostics;
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
}
