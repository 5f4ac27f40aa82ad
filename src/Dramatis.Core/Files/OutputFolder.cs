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
            throw new OutputNotWrittenException(folder, e.Message, e);
        }
    }
}
