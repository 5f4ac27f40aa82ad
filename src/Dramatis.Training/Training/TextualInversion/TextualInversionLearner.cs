using Dramatis.Errors;
using Dramatis.Methods.TextualInversion;
using Dramatis.Tokenizers;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.TextualInversion;

/// <summary>Which word is learned.</summary>
internal sealed record TextualInversionOptions
{
    /// <summary>As prompts will have it, for example <c>&lt;cat-toy&gt;</c>.</summary>
    public required string Word { get; init; }

    /// <summary>A known word of one token that the new one starts as.</summary>
    public required string Initializer { get; init; }

    /// <summary>An initializer of several tokens counts as the mean of their rows; the reference refuses it.</summary>
    public bool TakesMean { get; init; }

    /// <summary>How many rows the word has.</summary>
    public int Vectors { get; init; } = 1;
}

/// <summary>Learns a subject as a new word of the text encoder (Gal et al., 2023); for models with two encoders, of both.</summary>
/// <remarks>The reference trains the whole vocabulary and puts the old rows back after each step; here only the new rows are there to be trained.</remarks>
internal sealed class TextualInversionLearner : SubjectLearner
{
    /// <summary>The name of the file, as diffusers has it.</summary>
    public const string FileName = "learned_embeds.safetensors";

    private readonly Words words = new();
    private readonly WeightPatch patch;

    /// <exception cref="InvalidRequestException">The initializer is not one token, or the word is known.</exception>
    public TextualInversionLearner(LearningModel model, TextualInversionOptions options)
        : base(model)
    {
        var first = Start(ModelNetwork.TextEncoder, model.Base.Tokenizer);
        patch = new("the word in training", model.Base.SecondTokenizer is { } second
            ? [first, Start(ModelNetwork.SecondTextEncoder, second)]
            : [first]);

        NewWord Start(ModelNetwork encoder, ClipTokenizer tokenizer)
        {
            var ids = options.TakesMean ? WordStart.IdsOf(tokenizer, options.Initializer) : [WordStart.IdOf(tokenizer, options.Initializer)];
            return new(encoder, options.Word, words.Add(encoder.Name(), WordStart.Rows(model.Base, encoder, ids, options.Vectors)));
        }
    }

    public override Module Trained => words;

    /// <summary>The word's rows as they are now, one set for each text encoder.</summary>
    public IReadOnlyList<NewWord> Rows => [.. patch.Changes.Cast<NewWord>()];

    public override IReadOnlyList<string> Write(string folder)
    {
        EmbeddingFile.Write(Path.Combine(folder, FileName), Rows);
        return [FileName];
    }

    protected override WeightPatch PatchAt(long step) => patch;

    private sealed class Words() : Module(nameof(TextualInversionLearner))
    {
        public Parameter Add(string name, Parameter rows)
        {
            register_parameter(name, rows);
            return rows;
        }
    }
}
