namespace Dramatis.Requests;

/// <summary>What of a prompt is read beyond its first 77 tokens as plain text, which is all that the reference reads.</summary>
/// <param name="Weights">Brackets say how strongly words act (<see cref="WeightedText"/>).</param>
/// <param name="Whole">Texts of more tokens are read whole, in chunks.</param>
internal readonly record struct PromptReading(bool Weights, bool Whole);
