using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.CustomDiffusion;

/// <summary>Concepts as trainings leave them, of one layer and with random numbers, and captions for them to be merged beside.</summary>
internal static class LearnedConcepts
{
    public const string Keys = "down_blocks.2.attentions.0.transformer_blocks.0.attn2.to_k.weight";

    private const int WordsOfACaption = 8;

    /// <summary>The base's values and a bit.</summary>
    public static NewValues Layer(BaseModel model, ulong seed, string weight = Keys)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var random = new Generator(seed, CPU);
        var before = model.UNet.get_parameter(weight)!;
        return new(ModelNetwork.UNet, weight, (before + (.05 * randn(before.shape, generator: random))).DetachFromDisposeScope());
    }

    public static NewWord Word(BaseModel model, string word, ulong seed) => Word(ModelNetwork.TextEncoder, word, model.TextEncoder.Config.Tower.Width, seed);

    /// <summary>The same word for the second of two encoders.</summary>
    public static NewWord SecondWord(BaseModel model, string word, ulong seed) =>
        Word(ModelNetwork.SecondTextEncoder, word, model.SecondTextEncoder!.Config.Tower.Width, seed);

    /// <summary>Of words of the model's, one as likely as the other.</summary>
    public static IReadOnlyList<string> Captions(BaseModel model, int count)
    {
        string[] words = [.. model.Tokenizer.Vocabulary.Ids.Keys
            .Where(entry => entry.EndsWith("</w>", StringComparison.Ordinal) && entry[..^4].All(char.IsAsciiLetter))
            .Select(entry => entry[..^4])
            .Order(StringComparer.Ordinal)];
        return [.. Enumerable.Range(0, count).Select(i => new StableRandom(1, i)).Select(random =>
            string.Join(' ', Enumerable.Range(0, WordsOfACaption).Select(_ => random.Pick(words))))];
    }

    private static NewWord Word(ModelNetwork encoder, string word, int width, ulong seed)
    {
        using var random = new Generator(seed, CPU);
        return new(encoder, word, .02 * randn([1, width], generator: random));
    }
}
