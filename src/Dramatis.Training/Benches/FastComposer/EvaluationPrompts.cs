using Dramatis.Methods.FastComposer;

namespace Dramatis.Benches.FastComposer;

/// <summary>The prompts of the published evaluation (arXiv 2305.10431), in its order.</summary>
internal static class EvaluationPrompts
{
    private const string Person = "§";

    private static readonly string[] Alone =
    [
        "a § wearing a red hat",
        "a § wearing a santa hat",
        "a § wearing a rainbow scarf",
        "a § wearing a black top hat and a monocle",
        "a § in a chef outfit",
        "a § in a firefighter outfit",
        "a § in a police outfit",
        "a § wearing pink glasses",
        "a § wearing a yellow shirt",
        "a § in a purple wizard outfit",
        "a painting of a § in the style of Banksy",
        "a painting of a § in the style of Vincent Van Gogh",
        "a colorful graffiti painting of a §",
        "a watercolor painting of a §",
        "a Greek marble sculpture of a §",
        "a street art mural of a §",
        "a black and white photograph of a §",
        "a pointillism painting of a §",
        "a Japanese woodblock print of a §",
        "a street art stencil of a §",
        "a § riding a horse",
        "a § holding a glass of wine",
        "a § holding a piece of cake",
        "a § giving a lecture",
        "a § reading a book",
        "a § gardening in the backyard",
        "a § cooking a meal",
        "a § working out at the gym",
        "a § walking the dog",
        "a § baking cookies",
        "a § in the jungle",
        "a § in the snow",
        "a § on the beach",
        "a § on a cobblestone street",
        "a § on top of pink fabric",
        "a § on top of a wooden floor",
        "a § with a city in the background",
        "a § with a mountain in the background",
        "a § with a blue house in the background",
        "a § on top of a purple rug in a forest",
    ];

    private static readonly string[] Together =
    [
        "a painting of § together in the style of Banksy",
        "a painting of § together in the style of Vincent Van Gogh",
        "a watercolor painting of § together",
        "a street art mural of § together",
        "a black and white photograph of § together",
        "a pointillism painting of § together",
        "a Japanese woodblock print of § together",
        "a photo of § gardening in the backyard together",
        "a photo of § cooking a meal together",
        "a photo of § sitting in a park together",
        "a photo of § working out at the gym together",
        "a photo of § baking cookies together",
        "a photo of § posing for a selfie together",
        "a photo of § making funny faces for a photo booth together",
        "a photo of § playing a musical duet together",
        "a photo of § together in the jungle",
        "a photo of § together in the snow",
        "a photo of § together on the beach",
        "a photo of § together with a city in the background",
        "a photo of § together with a mountain in the background",
        "a photo of § together with a blue house in the background",
    ];

    /// <summary>The 40 prompts for one person, as FastComposer paints them.</summary>
    public static IReadOnlyList<string> Of(string kind) => Fill(Alone, Marked(kind));

    /// <summary>The 40 prompts as methods paint them that learn a word.</summary>
    /// <param name="word">For example <c>&lt;new1&gt;</c>.</param>
    public static IReadOnlyList<string> Of(string kind, string word) => Fill(Alone, $"{word} {kind}");

    /// <summary>The 40 prompts as pictures are compared with them: the space of the mark stays.</summary>
    public static IReadOnlyList<string> Scored(string kind) => Fill(Alone, Plain(kind));

    /// <summary>The 21 prompts for two people, as FastComposer paints them.</summary>
    public static IReadOnlyList<string> OfTwo(string first, string second) => Fill(Together, Pair(Marked(first), Marked(second)));

    /// <summary>The 21 prompts as pictures are compared with them.</summary>
    public static IReadOnlyList<string> ScoredOfTwo(string first, string second) => Fill(Together, Pair(Plain(first), Plain(second)));

    private static string Marked(string kind) => $"{kind} {PlaceholderTokens.Img}";

    private static string Plain(string kind) => $"{kind} ";

    private static string Pair(string first, string second) => $"a {first} and a {second}";

    private static string[] Fill(string[] templates, string who) => [.. templates.Select(template => template.Replace(Person, who, StringComparison.Ordinal))];
}
