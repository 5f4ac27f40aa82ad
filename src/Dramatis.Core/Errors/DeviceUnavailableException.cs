namespace Dramatis.Errors;

/// <summary>What was to be computed on is not there.</summary>
/// <param name="device">Its name, for example <c>cuda:0</c>.</param>
/// <param name="problem">Why not, and what to do.</param>
public sealed class DeviceUnavailableException(string device, string problem) : DramatisException($"{device}: {problem}")
{
    /// <summary>The name of the device that is not there, for example <c>cuda:1</c>.</summary>
    public string Device { get; } = device;
}
