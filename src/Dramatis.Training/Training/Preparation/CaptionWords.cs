using System.Collections.Frozen;

namespace Dramatis.Training.Preparation;

/// <summary>What English words do in a caption: closed lists, and endings for the open classes.</summary>
internal static class CaptionWords
{
    private static readonly FrozenSet<string> Determiners = Set(
        "a an the this that these those his her hers its their my your our one another each every");

    // More than one thing has no one box.
    private static readonly FrozenSet<string> Counts = Set(
        "two three four five six seven eight nine ten eleven twelve dozen dozens several many few some both all multiple various numerous");

    private static readonly FrozenSet<string> Breaks = Set(
        """
        of in on at by with without from to into onto over under above below beside besides between behind before after near next
        around across along against through inside outside toward towards atop upon beneath among amid during within off up down out
        for as like than about while and or but nor so then there here where when which who whom whose what that's it he she they we i
        you him them us me is are was were be been being am has have had having do does did can could will would may might must should
        not no very too also just only still together apart away back left right each other others itself himself herself themselves
        """);

    // Without those that are as often things: "an orange", "a glass".
    private static readonly FrozenSet<string> Adjectives = Set(
        """
        red green blue yellow purple pink brown black white grey gray golden silver beige cyan magenta teal violet turquoise
        big large small little tiny huge tall short long wide narrow thick thin fat slim round flat old young new ancient modern
        good bad nice pretty beautiful cute lovely happy sad angry calm bright dark light pale vivid colorful colourful clean dirty wet
        dry hot cold warm cool soft hard smooth rough fresh ripe wild wooden plastic metallic furry
        fluffy shiny empty full open close blurry sunny cloudy rainy snowy foggy quiet busy lone single whole half different same own
        male female adult elderly
        """);

    private static readonly FrozenSet<string> Verbs = Set(
        """
        sit stand lie lay hold wear play walk run ride look watch eat drink jump fly carry drive sleep rest lean hang face show pose
        smile laugh talk read write work cook cut catch throw kick chase climb swim float sail pull push wait cross share feature like
        """);

    private static readonly FrozenSet<string> Past = Set(
        "sat stood lay held wore ran rode ate drank flew drove slept hung caught threw swam seen shown set made taken parked");

    // Their endings are those of verbs and adverbs.
    private static readonly FrozenSet<string> NounsAfterAll = Set(
        """
        building ceiling wing ring king string spring railing painting clothing earring stocking thing swing pudding dumpling duckling
        seedling wedding bed shed sled seed weed reed feed breed speed steed tweed hundred fly butterfly family belly jelly lily bully
        dragonfly firefly trolley
        """);

    // What a caption says of the picture, or of parts of space, and not of things in it.
    private static readonly FrozenSet<string> NoThings = Set(
        """
        photo photograph picture image shot view scene close-up closeup portrait selfie drawing illustration rendering screenshot snapshot
        background foreground front back side top bottom middle center centre edge corner distance left right group pair couple number lot
        bunch row line set kind type part piece day night morning evening afternoon dusk dawn sunset sunrise time moment way air style
        color colour light shadow focus
        """);

    public static WordRole RoleOf(string word) =>
        Determiners.Contains(word) ? WordRole.Determiner
        : Counts.Contains(word) || (word.All(char.IsAsciiDigit) && word != "1") ? WordRole.Count
        : Breaks.Contains(word) ? WordRole.Break
        : Adjectives.Contains(word) ? WordRole.Adjective
        : NounsAfterAll.Contains(word) ? WordRole.Noun
        : IsVerb(word) ? WordRole.Verb
        : HasEnding(word) ? WordRole.Participle
        : WordRole.Noun;

    /// <summary>Whether a phrase with this last word means a thing that can be seen in a place.</summary>
    public static bool IsThing(string word) => !NoThings.Contains(word);

    private static bool IsVerb(string word) => Past.Contains(word) || Verbs.Contains(word)
        || (word.EndsWith('s') && (Verbs.Contains(word[..^1]) || (word.EndsWith("es", StringComparison.Ordinal) && Verbs.Contains(word[..^2]))))
        || word is "flies" or "carries";

    private static bool HasEnding(string word) => word.Length > 4
        && (word.EndsWith("ing", StringComparison.Ordinal) || word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("ly", StringComparison.Ordinal));

    private static FrozenSet<string> Set(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}

internal enum WordRole
{
    Noun,
    Adjective,

    /// <summary>By its ending: before a noun it belongs to it, after one it is a verb.</summary>
    Participle,
    Verb,
    Determiner,
    Count,
    Break,
}
