namespace Dramatis.Errors;

/// <summary>Another process works in an output folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="process">Its number, where known.</param>
public sealed class FolderInUseException(string folder, int? process)
    : DramatisException(
        $"{folder}: process {process?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} works in this folder. "
        + "Wait for it, stop it, or choose another folder.")
{
    /// <summary>The folder that another process holds.</summary>
    public string Folder { get; } = folder;

    /// <summary>Number of the process that holds it; null where it is not known.</summary>
    public int? Process { get; } = process;
}
