using Dramatis.Requests;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>What a detector takes for a thing.</summary>
/// <param name="Score">How sure it is, 0 to 1.</param>
internal sealed record Detection(string Phrase, Box Place, double Score);
