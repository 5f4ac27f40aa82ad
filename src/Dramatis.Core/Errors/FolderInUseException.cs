namespace Dramatis.Errors;

/// <summary>Another process works in an output folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="process">Its number, where known.</param>
public sealed class FolderInUseException(string folder, int? process)
    : DramatisException(
        $"{folder}: process {process?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"} works in this folder. "
        + "Wait for it, stop it, or choose another folder.")
{
    public string Folder { get; } = folder;

    public int? Process { get; } = process;
}
