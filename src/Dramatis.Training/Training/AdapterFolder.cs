using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Training;

/// <summary>What trainings go on from: the folder <c>model</c> that an earlier one left has adapters and no base.</summary>
internal static class AdapterFolder
{
    /// <param name="folder">A model folder, whole or with adapters alone.</param>
    /// <returns>The folder of a method's adapter in it.</returns>
    /// <exception cref="ModelNotFoundException">It has none.</exception>
    public static string In(string folder, string method)
    {
        var path = Path.Combine(folder, ModelFolder.AdapterName(method));
        return Directory.Exists(path) ? path : throw new ModelNotFoundException(folder, $"has no {ModelFolder.AdapterName(method)} to start from.");
    }
}
