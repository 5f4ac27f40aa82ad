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

    /// <summary>What the path held when it was added; null for what comes with the program.</summary>
    public FileDigest? Digest { get; init; }

    /// <summary>As the user gave it, for example <c>openrail++</c>.</summary>
    public string? Licence { get; init; }

    /// <summary>Why the path no longer holds what was added, or null.</summary>
    public string? Problem(CancellationToken cancellationToken = default)
    {
        try
        {
            _ = ModelContents.Of(Path);
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
