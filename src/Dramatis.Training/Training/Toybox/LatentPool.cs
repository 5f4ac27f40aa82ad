using System.IO.MemoryMappedFiles;
using System.Text.Json;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Training.Toybox;

/// <summary>Scenes with their latents, encoded once and read from a mapped file ever after.</summary>
/// <remarks>On disk <c>pool.json</c> and <c>latents.f16</c>: half precision, one scene (C, h, w) after another.</remarks>
internal sealed class LatentPool : IDisposable
{
    private const string IndexName = "pool.json";
    private const string LatentsName = "latents.f16";

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly PoolIndex index;
    private readonly int size;

    private LatentPool(string folder, PoolIndex index)
    {
        this.index = index;
        size = (int)index.Shape.Aggregate(1L, (product, side) => product * side);
        file = MemoryMappedFile.CreateFromFile(Path.Combine(folder, LatentsName), FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, (long)size * index.Scenes.Count * 2, MemoryMappedFileAccess.Read);
    }

    public PoolRecipe Recipe => index.Recipe;

    public IReadOnlyList<PoolScene> Scenes => index.Scenes;

    /// <summary>Channels, rows and columns of a scene's latents.</summary>
    public IReadOnlyList<long> Shape => index.Shape;

    /// <summary>Opens the pool in a folder, or null when there is none of this recipe.</summary>
    /// <exception cref="InvalidDataSetException">The files are damaged.</exception>
    public static LatentPool? Open(string folder, PoolRecipe recipe)
    {
        var path = Path.Combine(folder, IndexName);
        if (!File.Exists(path))
        {
            return null;
        }

        const string Cure = "Remove the folder; it is made again.";
        var index = DataFile.Json(path, PoolJson.Default.PoolIndex, Cure);
        if (index is not { Recipe: not null, Shape: not null, Scenes: not null } || index.Recipe != recipe)
        {
            return null;
        }

        try
        {
            return new(folder, index);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or OverflowException)
        {
            throw new InvalidDataSetException(Path.Combine(folder, LatentsName), $"is missing, or not as long as {IndexName} says. {Cure}", e);
        }
    }

    /// <summary>Writes a pool; the index comes last, so that a pool half made is none.</summary>
    /// <param name="shape">Channels, rows and columns.</param>
    /// <param name="scenes">What is remembered of each scene.</param>
    /// <param name="fill">Writes the latents of all scenes into the stream, in order.</param>
    public static LatentPool Write(
        string folder,
        PoolRecipe recipe,
        IReadOnlyList<long> shape,
        IReadOnlyList<PoolScene> scenes,
        Action<Stream> fill)
    {
        Directory.CreateDirectory(folder);
        var index = new PoolIndex(recipe, shape, scenes);
        AtomicFile.Write(Path.Combine(folder, LatentsName), fill);
        AtomicFile.Write(
            Path.Combine(folder, IndexName),
            stream => JsonSerializer.Serialize(stream, index, PoolJson.Default.PoolIndex));
        return new(folder, index);
    }

    /// <summary>Reads the latents of one scene.</summary>
    /// <param name="latents">As many values as <see cref="Shape"/> says.</param>
    public void Read(int scene, Span<float> latents)
    {
        var halves = new Half[size];
        view.ReadArray((long)scene * size * 2, halves, 0, size);
        for (var i = 0; i < size; i++)
        {
            latents[i] = (float)halves[i];
        }
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
