using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Host;

/// <summary>The user's models, with the one that comes with the program.</summary>
internal static class Models
{
    public static ModelCatalog Open() => new(ShippedFolder.Find("models", ModelCatalog.Embedded));
}
