using System.Text.RegularExpressions;
using Dramatis.Errors;

namespace Dramatis.Weights.Catalog;

/// <summary>The models that a user has given names. The embedded one is among them if it lies where it should. Any number of threads may ask and change it.</summary>
/// <param name="embedded">The folder of the embedded model.</param>
/// <param name="folder">Where names are kept; null is the user's own data folder.</param>
public sealed partial class ModelCatalog(string embedded, string? folder = null)
{
    /// <summary>The name of the embedded model.</summary>
    public const string Embedded = "toybox";

    private const string EmbeddedLicence = "MIT";

    private readonly string embedded = embedded ?? throw new ArgumentNullException(nameof(embedded));
    private readonly Lock door = new();
    private readonly CatalogFolder stored = new(folder ?? CatalogFolder.Usual());

    /// <summary>All entries, the embedded model first, if it lies where it should, the others by name.</summary>
    /// <exception cref="InvalidConfigException">An entry is damaged.</exception>
    /// <inheritdoc cref="ModelContents.Of" path="/exception"/>
    public IReadOnlyList<CatalogEntry> Entries =>
    [
        .. Own(),
        .. stored.Names().Select(stored.Find).OfType<CatalogEntry>(),
    ];

    /// <summary>The path of a request's model: null is the embedded one, a word is a name or a path, anything else a path.</summary>
    /// <exception cref="ModelNotFoundException">A word that is neither a name nor a path.</exception>
    /// <exception cref="InvalidRequestException">A name of something that is no base model.</exception>
    public string Locate(string? model) => model switch
    {
        null or Embedded => embedded,
        _ when !NamePattern().IsMatch(model) => model,
        _ when stored.Find(model) is { } entry => entry.Contents.IsBaseModel ? entry.Path : throw new InvalidRequestException(
            "model", $"\"{model}\" is {entry.Contents.Kind}, which goes with a base model but is none; give a base model."),
        _ => Path.Exists(model) ? model : throw new ModelNotFoundException(
            model, $"is no folder or file, and no name of the catalogue, which has {Names()}. 'dramatis models add' adds one."),
    };

    /// <summary>How the model of a request is read: a name may have adapters and settings of its own.</summary>
    internal ModelLoading LoadingOf(string? model, ModelLoading asked) =>
        model is not (null or Embedded) && NamePattern().IsMatch(model) && stored.Find(model) is { } entry ? entry.Complete(asked) : asked;

    /// <summary>The path of what goes with a model, a ControlNet or a LoRA: that of a name, or else the text itself.</summary>
    public string LocateWeights(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return NamePattern().IsMatch(text) && stored.Find(text) is { } entry ? entry.Path : text;
    }

    /// <summary>Remembers a path under a name.</summary>
    /// <exception cref="InvalidRequestException">The name is taken, or none.</exception>
    /// <exception cref="OutputNotWrittenException">The catalogue cannot be written.</exception>
    /// <inheritdoc cref="ModelContents.Of" path="/exception"/>
    public CatalogEntry Add(string name, string path, string? licence = null, CancellationToken cancellationToken = default) =>
        Add(name, path, new(), licence, cancellationToken);

    /// <summary>Remembers a base model under a name, with the adapters, the image encoder and the settings that it is to be loaded with.</summary>
    /// <param name="loading">Of which the adapters, the image encoder and the folder of settings count.</param>
    /// <exception cref="InvalidRequestException">The name is taken, or none; or something is given to go with what is no base model.</exception>
    /// <exception cref="OutputNotWrittenException">The catalogue cannot be written.</exception>
    /// <inheritdoc cref="ModelContents.Of" path="/exception"/>
    public CatalogEntry Add(string name, string path, ModelLoading loading, string? licence = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loading);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(path);
        InvalidRequestException.ThrowUnless(
            NamePattern().IsMatch(name), "name", $"\"{name}\" is no name: up to 64 letters, digits, '.', '-' and '_', a letter or digit first.");
        RefuseTaken(name);    // before long work
        var entry = new CatalogEntry
        {
            Name = name,
            Path = Path.GetFullPath(path),
            Contents = ModelContents.Of(path, loading),
            Adapters = loading.Adapters.Count == 0 ? null : [.. loading.Adapters.Select(Path.GetFullPath)],
            ImageEncoder = loading.ImageEncoder is { } encoder ? Path.GetFullPath(encoder) : null,
            Configs = loading.Configs is { } configs ? Path.GetFullPath(configs) : null,
            Digest = FileDigest.Of(path, cancellationToken),
            Licence = licence,
        };
        InvalidRequestException.ThrowUnless(
            entry.Contents.IsBaseModel || entry is { Adapters: null, ImageEncoder: null, Configs: null },
            "name", $"\"{name}\" would be {entry.Contents.Kind}, which takes nothing to go with it; add it alone, or give the base model.");
        lock (door)
        {
            RefuseTaken(name);
            stored.Write(entry);
        }

        return entry;
    }

    /// <summary>Forgets a name; what it stands for stays where it is.</summary>
    /// <exception cref="InvalidRequestException">There is no such name.</exception>
    /// <exception cref="OutputNotWrittenException">The catalogue cannot be written.</exception>
    public void Remove(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        InvalidRequestException.ThrowUnless(name != Embedded, "name", $"\"{Embedded}\" comes with the program and stays.");
        lock (door)
        {
            InvalidRequestException.ThrowUnless(
                stored.Names().Contains(name), "name", $"\"{name}\" is not in the catalogue, which has {Names()}.");
            stored.Remove(name);
        }
    }

    private IEnumerable<CatalogEntry> Own()
    {
        if (Path.Exists(embedded))
        {
            yield return new() { Name = Embedded, Path = Path.GetFullPath(embedded), Contents = ModelContents.Of(embedded), Licence = EmbeddedLicence };
        }
    }

    private void RefuseTaken(string name) => InvalidRequestException.ThrowUnless(
        name != Embedded && !stored.Names().Contains(name), "name", $"\"{name}\" is taken; choose another, or remove that one first.");

    private string Names() => string.Join(", ", stored.Names().Prepend(Embedded));

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern();
}
