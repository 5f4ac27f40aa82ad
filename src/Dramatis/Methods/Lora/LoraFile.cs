using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Errors;
using Dramatis.Weights;

namespace Dramatis.Methods.Lora;

/// <summary>
/// Reads files of changes in every published layout: kohya with all of LyCORIS, PEFT, diffusers old and new, cloneofsimo's; with the words that they bring.
/// </summary>
internal static class LoraFile
{
    /// <summary>The patch that a file holds for a model.</summary>
    /// <exception cref="WeightMismatchException">A tensor has no place in the model or no partner, or is of another shape.</exception>
    /// <exception cref="InvalidCheckpointException">The file is damaged or no LoRA.</exception>
    public static WeightPatch Read(string path, IPatchable model)
    {
        using var archive = TensorArchive.Open(path);
        if (CheckpointKind.Of(archive)?.Type != CheckpointType.Lora)
        {
            throw new InvalidCheckpointException(path, "is no LoRA: none of its tensors is half of a low-rank change. 'dramatis inspect' says what it is.");
        }

        var bundled = BundledWords.Of(archive);
        var changes = new List<WeightChange>();
        try
        {
            AddLayers(archive, bundled, model, changes);
            bundled.Words.ForEach(word => changes.AddRange(word.Read(archive, model)));
        }
        catch
        {
            new WeightPatch(path, changes).Dispose();
            throw;
        }

        return WeightPatch.For(model, path, changes);
    }

    private static void AddLayers(TensorArchive archive, BundledWords bundled, IPatchable model, List<WeightChange> changes)
    {
        var layers = Layers(archive, bundled, model, out var unexpected);
        var missing = layers
            .SelectMany(item => item.Layer.Missing().Select(role => $"{LayerKey.Name(role)} of {item.Targets[0].Network.Name()}.{item.Targets[0].Layer}"))
            .ToList();
        if (missing.Count + unexpected.Count > 0)
        {
            throw new WeightMismatchException(archive.Path, missing, unexpected, [], CheckpointKind.Of(archive)?.Title);
        }

        var header = LoraHeader.Of(archive);
        foreach (var (layer, targets) in layers)
        {
            changes.AddRange(ChangesOf(archive, layer, targets, header));
        }
    }

    // A name that does not say which text encoder's it is belongs to the one that it fits.
    private static IReadOnlyList<WeightChange> ChangesOf(TensorArchive archive, LayerTensors layer, IReadOnlyList<LoraTarget> targets, LoraHeader header)
    {
        var changes = layer.Changes(archive, targets[0], header);
        CheckDora(archive, targets[0], changes, header);
        foreach (var other in targets.Skip(1).TakeWhile(_ => !Fit(changes, targets[0])))
        {
            var others = layer.Changes(archive, other, header);
            if (Fit(others, other))
            {
                new WeightPatch(archive.Path, changes).Dispose();
                return others;
            }

            new WeightPatch(archive.Path, others).Dispose();
        }

        return changes;
    }

    private static bool Fit(IReadOnlyList<WeightChange> changes, LoraTarget target) =>
        changes.All(change => change.Weight != target.Weight || change.Fits(target.Shape));

    private static void CheckDora(TensorArchive archive, LoraTarget target, IReadOnlyList<WeightChange> changes, LoraHeader header)
    {
        if (header.SaysDora(target.Network) && !changes.Any(change => change is DifferenceChange { Magnitudes: not null }))
        {
            new WeightPatch(archive.Path, changes).Dispose();
            throw new InvalidCheckpointException(
                archive.Path,
                $"says that it is a DoRA, but has no magnitudes for {target.Network.Name()}.{target.Layer}; save it again with all of its tensors.");
        }
    }

    private static List<(LayerTensors Layer, IReadOnlyList<LoraTarget> Targets)> Layers(
        TensorArchive archive, BundledWords bundled, IPatchable model, out IReadOnlyList<string> unexpected)
    {
        if (CountedLayers.Are(archive))
        {
            return CountedLayers.Read(archive, bundled, model, out unexpected);
        }

        var (names, layers, strangers) = (new LoraNames(model), new Dictionary<string, LayerTensors>(StringComparer.Ordinal), new List<string>());
        foreach (var stored in archive.Tensors.Keys.Where(key => !bundled.Has(key)))
        {
            if (LayerKey.Of(stored) is not { } key)
            {
                strangers.Add(stored);
            }
            else
            {
                (layers.TryGetValue(key.Layer, out var layer) ? layer : layers[key.Layer] = new(key.Layer)).Add(key, stored, archive.Path);
            }
        }

        var found = layers.Values.OrderBy(layer => layer.Name, StringComparer.Ordinal)
            .Select(layer => (Layer: layer, Targets: Preferred(names.Find(layer.Name), archive.Path))).ToList();
        strangers.AddRange(found.Where(item => item.Targets.Count == 0).SelectMany(item => item.Layer.Keys));
        unexpected = [.. strangers.Order(StringComparer.Ordinal)];
        return [.. found.Where(item => item.Targets.Count > 0)];
    }

    // Of two text encoders, first the one that the file's folder is named after.
    private static IReadOnlyList<LoraTarget> Preferred(IReadOnlyList<LoraTarget> targets, string path) => targets.Count < 2 ? targets :
        [.. targets.OrderBy(target => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) == target.Network.Name() ? 0 : 1)];
}
