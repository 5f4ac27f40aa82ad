using Dramatis.Errors;

namespace Dramatis.Files;

/// <summary>A folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder, and those above it, unless it is there.</summary>
    /// <exception cref="OutputNotWrittenException">No permission, or a file of that name is in the way.</exception>
    public static void Create(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(folder, Reason(Path.GetFullPath(folder), e), e);
        }
    }

    private static string Reason(string folder, Exception e) =>
        InTheWay(folder) is { } file ? $"{file} is a file, where a folder is wanted; choose another name."
        : e is UnauthorizedAccessException ? "no permission to make it; choose another folder, or let somebody make it who may."
        : e is DirectoryNotFoundException or FileNotFoundException ? "no folder can be made there; choose another."
        : OutputNotWrittenException.Advice(e);

    private static string? InTheWay(string? folder)
    {
        while (folder is not null && !File.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
