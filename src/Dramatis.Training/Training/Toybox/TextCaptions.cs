using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Toybox;
using Dramatis.Toybox.Grounds;

namespace Dramatis.Training.Toybox;

/// <summary>Captions that a text encoder learns from: names in the forms in which prompts have them, with and without the words of a scene.</summary>
internal sealed class TextCaptions
{
    // Names that prompts have more often than others.
    private const double CommonNames = .3;

    private const double TwoOfIt = .25;

    private readonly SubjectBank bank;
    private readonly ClipTokenizer tokenizer;
    private readonly int[] common;

    public TextCaptions(SubjectBank bank, ClipTokenizer tokenizer)
    {
        this.bank = bank;
        this.tokenizer = tokenizer;
        common = [.. bank.Common.Select(subject => bank.Seen.Index().First(item => item.Item == subject).Index)];
    }

    /// <summary>The common names' numbers among the subjects that training sees.</summary>
    public IReadOnlyList<int> Common => common;

    /// <summary>The name of each subject that training sees, in their order.</summary>
    public IEnumerable<string> Names => bank.Seen.Select(NameOf);

    /// <summary>So many names, and the words of a scene behind them.</summary>
    /// <param name="noScene">How likely those are missing.</param>
    /// <param name="alone">How likely a lone name stands without an article and a scene.</param>
    /// <param name="inFront">How likely the words of the scene come first.</param>
    /// <param name="kind">The scene; any when null.</param>
    public TextCaption Draw(StableRandom random, int count, double noScene, double alone = 0, double inFront = 0, int? kind = null)
    {
        var numbers = Enumerable.Range(0, count).Select(_ => random.Chance(CommonNames) ? random.Pick(common) : random.Below(bank.Seen.Count)).ToArray();
        (string, int)[] cast = [.. numbers.Select(number => NameOf(bank.Seen[number])).Select(name =>
            random.Chance(TwoOfIt) ? (Captions.Plural(name), 2) : (name, 1))];
        kind ??= random.Chance(noScene) ? null : random.Below(GroundKinds.Lit.Count);
        var scene = kind is { } known ? GroundKinds.Lit[known].Words : "";
        if (count == 1 && random.Chance(alone))
        {
            return Mark(cast[0].Item1, [Range.EndAt(cast[0].Item1.Length)], numbers, null, default);
        }

        if (kind is not null && count > 0 && random.Chance(inFront))
        {
            var (rest, after) = Captions.Marked(cast, "");
            var start = scene.Length + 2;
            return Mark($"{scene}, {rest}", [.. after.Select(range => (range.Start.Value + start)..(range.End.Value + start))], numbers, kind, ..scene.Length);
        }

        var (caption, phrases) = Captions.Marked(cast, scene);
        return Mark(caption, phrases, numbers, kind, (caption.Length - scene.Length)..caption.Length);
    }

    public string NameOf(int subject) => bank.Subjects[subject].Name;

    private TextCaption Mark(string text, IReadOnlyList<Range> phrases, IReadOnlyList<int> numbers, int? kind, Range scene) => new(
        text,
        [
            .. numbers.Zip(phrases, (number, words) => (Span: TokenSpan.Of(tokenizer, text, words), Number: number))
                .Where(name => !name.Span.IsEmpty).Select(name => ((long)name.Span.End - 1, (long)name.Number)),
        ],
        kind,
        kind is null ? TokenSpan.None : TokenSpan.Of(tokenizer, text, scene),
        tokenizer.EncodeUnpadded(text).Length - 1);
}

/// <param name="Names">The last token of each name, and its number among the subjects that training sees.</param>
/// <param name="Kind">Which of <see cref="GroundKinds.Lit"/> it tells of.</param>
/// <param name="Scene">The tokens of that kind's words; none where they are cut off.</param>
/// <param name="End">Which token says that the text ends; behind it there is padding.</param>
internal sealed record TextCaption(string Text, IReadOnlyList<(long Token, long Number)> Names, int? Kind, TokenSpan Scene, int End);
