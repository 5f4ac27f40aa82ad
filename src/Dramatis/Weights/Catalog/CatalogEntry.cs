using Dramatis.Errors;

namespace Dramatis.Weights.Catalog;

/// <summary>A model or an adapter under a name of the user's.</summary>
public sealed record CatalogEntry
{
    /// <summary>The name that requests use.</summary>
    public required string Name { get; init; }

    /// <summary>A folder or file, from the root.</summary>
    public required string Path { get; init; }

    /// <summary>What lies there.</summary>
    public required ModelContents Contents { get; init; }

    /// <summary>Adapters that a base model is loaded with, from the root.</summary>
    public IReadOnlyList<string>? Adapters { get; init; }

    /// <summary>What reads references for them, from the root; null for the model's own.</summary>
    public string? ImageEncoder { get; init; }

    /// <summary>The folder with the settings of a model in a single file, from the root; null for those of its family.</summary>
    public string? Configs { get; init; }

    /// <summary>What the path held when it was added; null for what comes with the program.</summary>
    public FileDigest? Digest { get; init; }

    /// <summary>As the user gave it, for example <c>openrail++</c>.</summary>
    public string? Licence { get; init; }

    /// <summary>How the model is read: as asked, with what it was added with where nothing else is asked for.</summary>
    internal ModelLoading Complete(ModelLoading asked) => asked with
    {
        Adapters = asked.Adapters.Count > 0 ? asked.Adapters : Adapters ?? [],
        ImageEncoder = asked.ImageEncoder ?? ImageEncoder,
        Configs = asked.Configs ?? Configs,
    };

    /// <summary>Why the path no longer holds what was added, or null.</summary>
    public string? Problem(CancellationToken cancellationToken = default)
    {
        try
        {
            _ = ModelContents.Of(Path, Complete(new()));
            return Digest is { } added && FileDigest.Of(Path, cancellationToken) != added
                ? $"{Path}: its bytes have changed since it was added; restore them, or remove it and add it again."
                : null;
        }
        catch (DramatisException e)
        {
            return e.Message;
        }
    }
}
