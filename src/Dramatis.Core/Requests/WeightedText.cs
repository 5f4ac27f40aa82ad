using System.Globalization;
using System.Text;
using Dramatis.Errors;

namespace Dramatis.Requests;

/// <summary>A stretch of a text and how strongly it acts; 1 is as any other text.</summary>
internal readonly record struct WeightedPart(string Text, double Weight);

/// <summary>A text whose brackets say how strongly words act, without them.</summary>
/// <remarks>
/// <c>(words)</c> act 1.1 times as strongly, <c>(words:1.3)</c> 1.3 times, <c>[words]</c> one 1.1th; brackets inside others multiply. A backslash
/// before a bracket, a colon or a backslash makes it text. What follows a colon and is no number is text too.
/// </remarks>
internal sealed class WeightedText
{
    /// <summary>What a pair of brackets without a number does.</summary>
    public const double BracketFactor = 1.1;

    public const double LargestWeight = 10;

    private readonly int[] places;

    private WeightedText(string text, IReadOnlyList<WeightedPart> parts, int[] places) => (Text, Parts, this.places) = (text, parts, places);

    /// <summary>The words alone.</summary>
    public string Text { get; }

    /// <summary>They make up <see cref="Text"/>; neighbours differ in weight.</summary>
    public IReadOnlyList<WeightedPart> Parts { get; }

    /// <param name="field">What an error calls the text.</param>
    /// <exception cref="InvalidRequestException">A bracket has no partner, or a weight is not between 0 and 10.</exception>
    public static WeightedText Parse(string text, string field = "prompt") => new Reader(text, field).Read();

    /// <summary>Where in <see cref="Text"/> a stretch of the text with brackets is.</summary>
    public Range Find(Range written) => places[written.Start.Value]..places[written.End.Value];

    /// <summary>Where in the text with brackets a stretch of <see cref="Text"/> is: inside the brackets around it.</summary>
    public Range FindWritten(Range words) => Array.LastIndexOf(places, words.Start.Value)..Array.IndexOf(places, words.End.Value);

    private sealed class Bracket(char kind, int at, int start)
    {
        public char Kind => kind;

        public int At => at;

        /// <summary>Its first character in the words.</summary>
        public int Start => start;

        /// <summary>The last colon, in the words, that no inner bracket follows.</summary>
        public int? Colon { get; set; }
    }

    private sealed class Reader(string source, string field)
    {
        private readonly StringBuilder words = new(source.Length);
        private readonly List<double> weights = new(source.Length);    // one for each character of the words
        private readonly int[] places = new int[source.Length + 1];
        private readonly Stack<Bracket> open = [];

        public WeightedText Read()
        {
            for (var i = 0; i < source.Length; i++)
            {
                places[i] = words.Length;
                if (source[i] == '\\' && i + 1 < source.Length && "()[]:\\".Contains(source[i + 1], StringComparison.Ordinal))
                {
                    places[++i] = words.Length;
                    Append(source[i]);
                }
                else
                {
                    Take(source[i], i);
                }
            }

            places[source.Length] = words.Length;
            return open.TryPeek(out var last) ? throw Unpaired(last.Kind, last.At) : new(words.ToString(), Parts(), places);
        }

        private void Take(char letter, int at)
        {
            var outer = open.TryPeek(out var top) ? top : null;
            switch (letter)
            {
                case '(' or '[':
                    outer?.Colon = null;
                    open.Push(new(letter, at, words.Length));
                    break;
                case ')' or ']':
                    Close(letter, at);
                    break;
                default:
                    if (letter == ':')
                    {
                        outer?.Colon = words.Length;
                    }

                    Append(letter);
                    break;
            }
        }

        private void Append(char letter)
        {
            words.Append(letter);
            weights.Add(1);
        }

        private void Close(char letter, int at)
        {
            if (!open.TryPop(out var bracket) || bracket.Kind == '(' != (letter == ')'))
            {
                throw Unpaired(letter, at);
            }

            var number = NumberIn(bracket, at);
            for (var i = bracket.Start; i < words.Length; i++)
            {
                weights[i] = number is { } factor ? weights[i] * factor
                    : bracket.Kind == '(' ? weights[i] * BracketFactor
                    : weights[i] / BracketFactor;
                if (weights[i] > LargestWeight)
                {
                    throw new InvalidRequestException(
                        field, $"the brackets at character {bracket.At + 1} make words act more than {LargestWeight} times; take some away.");
                }
            }
        }

        // Takes a number after the last colon out of the words.
        private double? NumberIn(Bracket bracket, int at)
        {
            if (bracket.Colon is not { } colon || words.ToString(colon + 1, words.Length - colon - 1) is var text && !IsMeantAsNumber(text))
            {
                return null;
            }

            if (bracket.Kind == '[')
            {
                throw new InvalidRequestException(field, $"the square bracket at character {bracket.At + 1} holds the number {text}; weights stand in round "
                    + $"ones, as in (word:{text.Trim()}).");
            }

            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number is not (>= 0 and <= LargestWeight))
            {
                throw new InvalidRequestException(
                    field, $"the weight {text.Trim()} before character {at + 1} is not between 0 and {LargestWeight}; write \\: for a colon.");
            }

            words.Length = colon;
            weights.RemoveRange(colon, weights.Count - colon);
            for (var i = at; i >= 0 && places[i] > colon; i--)
            {
                places[i] = colon;
            }

            return number;
        }

        private static bool IsMeantAsNumber(string text) =>
            text.Any(char.IsAsciiDigit) && text.All(letter => char.IsAsciiDigit(letter) || letter is '.' or ',' or '+' or '-' or 'e' or 'E' or ' ');

        private InvalidRequestException Unpaired(char letter, int at) =>
            new(field, $"the bracket at character {at + 1} has no partner; write \\{letter} for a bracket.");

        private List<WeightedPart> Parts()
        {
            var parts = new List<WeightedPart>();
            for (int start = 0, end; start < words.Length; start = end)
            {
                for (end = start + 1; end < words.Length && weights[end] == weights[start];)
                {
                    end++;
                }

                parts.Add(new(words.ToString(start, end - start), weights[start]));
            }

            return parts;
        }
    }
}
