using System.CommandLine;
using Dramatis.Configs;
using Dramatis.Training.CustomDiffusion;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train custom-diffusion</c>.</summary>
internal sealed class TrainCustomDiffusion
{
    private const string Method = "custom-diffusion";

    // The published command: 1e-5, twice for the batch and twice for the pictures beside.
    private readonly LearnOptions options = new(usualSteps: 250, usualRate: 4e-5, usualBatch: 2);

    private readonly WordOptions words = new("<new1>", "<new2>", "<new3>", "<new4>");
    private readonly PriorOptions prior = new(usualCount: 200);
    private readonly SubjectTraining training;
    private readonly Option<string[]> starts = new("--initializer")
    {
        Description = $"Entry of the model's vocabulary that a word begins as, one for each; {string.Join(", ", ConceptStart.Usual)} or the rarest when not given.",
    };

    private readonly Option<bool> whole = new("--whole-attention") { Description = "Tune queries and outputs of cross-attention too." };

    public TrainCustomDiffusion() => training = new(Method, options, words, prior);

    public Command Create()
    {
        var command = new Command(
            Method,
            """
            Learns subjects from a few pictures, together, as new words and as keys and values of cross-attention (Custom Diffusion).

            Example: dramatis train custom-diffusion --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a {<new1>} cat on a beach" -s "<new1>=lora:runs/tom/model/pytorch_custom_diffusion_weights.safetensors,embedding:runs/tom/model/<new1>.safetensors"
            """)
        {
            starts, whole,
        };
        training.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken) => training.Run(
        parsed,
        options.ForTrainer(parsed),
        "photo of a",
        (model, side) =>
        {
            var recipe = Recipe(parsed, model);
            return new(
                new CustomDiffusionLearner(new(model), recipe) { PriorWeight = prior.Weight(parsed) }, SubjectViews.Scaled(side, model.Vae.Config.Factor))
            {
                OthersView = SubjectViews.Cropped(side),
                Record = [("initializer_ids", ConfigWriter.List(recipe.Words.Select(word => word.StartId))), ("whole_attention", recipe.WholeAttention)],
            };
        },
        cancellationToken);

    private CustomDiffusionOptions Recipe(ParseResult parsed, BaseModel model)
    {
        var count = options.Count(parsed);
        var begins = ConceptStart.Of(model.Tokenizer, parsed.GetValue(starts) ?? [], count);
        return new()
        {
            Words = [.. words.Of(parsed, count).Zip(begins, (word, id) => new ConceptWord(word, id))],
            WholeAttention = parsed.GetValue(whole),
        };
    }
}
