namespace Dramatis.Toybox;

/// <summary>The model that comes with Dramatis.</summary>
public static class EmbeddedModel
{
    /// <summary>Its folder, beside the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", "toybox");
}
