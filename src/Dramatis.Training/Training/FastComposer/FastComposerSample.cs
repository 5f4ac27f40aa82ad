using Dramatis.Methods.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Training.FastComposer;

/// <summary>What the networks see of one picture. The tensors belong to the scope that it was made in.</summary>
/// <remarks>Shapes: S pixels along one side of the picture, R of a reference; O subjects at most.</remarks>
/// <param name="Tokens">The caption, and the words of its subjects.</param>
/// <param name="Pixels">From -1 to 1 (3, S, S).</param>
/// <param name="ObjectPixels">References, colours from 0 to 1 (O, 3, R, R), in the order of the words; black where there are fewer.</param>
/// <param name="ObjectMasks">1 where each subject is, else 0 (O, S, S).</param>
/// <param name="Count">Subjects.</param>
internal sealed record FastComposerSample(PlaceholderTokens Tokens, Tensor Pixels, Tensor ObjectPixels, Tensor ObjectMasks, int Count);
