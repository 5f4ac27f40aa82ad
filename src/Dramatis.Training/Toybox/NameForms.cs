namespace Dramatis.Toybox;

/// <summary>The ways in which a prompt may name a subject.</summary>
internal static class NameForms
{
    /// <summary>The bare name first.</summary>
    public static IReadOnlyList<Func<string, string>> All { get; } = [name => name, Captions.WithArticle, name => $"the {name}", Captions.Plural];
}
