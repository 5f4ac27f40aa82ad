using System.CommandLine;
using Dramatis.Configs;
using Dramatis.Methods.Lora;
using Dramatis.Pictures;
using Dramatis.Training.Lora;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train lora</c>.</summary>
internal sealed class TrainLora
{
    private const string Method = "lora";

    private static readonly LoraOptions Usual = new();

    private readonly LearnOptions options = new(usualSteps: 500, usualRate: 1e-4);
    private readonly PriorOptions prior = new(usualCount: 0);
    private readonly SubjectTraining training;
    private readonly Option<int> rank = new("--rank") { Description = "Of each change.", DefaultValueFactory = _ => Usual.Rank };
    private readonly Option<double?> alpha = new("--alpha") { Description = "The changes are multiplied with alpha / rank; the rank when not given." };
    private readonly Option<bool> text = new("--text-encoder") { Description = "Change the text encoders too." };
    private readonly Option<string[]> layers = new("--layers")
    {
        Description = $"Ends of the names of the UNet's layers that change; {string.Join(", ", Usual.Layers)} when not given.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> layout = new("--layout") { Description = "Of the file: diffusers, peft or kohya.", DefaultValueFactory = _ => "diffusers" };

    public TrainLora() => training = new(Method, options, new("sks"), prior);

    public Command Create()
    {
        layout.AcceptOnlyFromAmong([.. Enum.GetNames<LoraLayout>().Select(name => name.ToLowerInvariant())]);
        var command = new Command(
            Method,
            """
            Learns subjects from a few pictures as low-rank changes of the model's weights (LoRA).

            Example: dramatis train lora --subject cat --references photos/tom -o runs/tom
            Then:    dramatis paint "a {sks cat} on a beach" -s "sks cat=lora:runs/tom/model/pytorch_lora_weights.safetensors"
            """)
        {
            rank, alpha, text, layers, layout,
        };
        training.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var recipe = new LoraOptions
        {
            Rank = parsed.GetValue(rank),
            Alpha = parsed.GetValue(alpha),
            TextEncoder = parsed.GetValue(text),
            Layers = parsed.GetValue(layers) is { Length: > 0 } own ? own : Usual.Layers,
            Layout = Enum.Parse<LoraLayout>(parsed.GetRequiredValue(layout), ignoreCase: true),
            Seed = options.Seed(parsed),
        };
        return training.Run(
            parsed,
            options.ForTrainer(parsed),
            "a photo of",
            (model, side) => new(new LoraLearner(new(model), recipe) { PriorWeight = prior.Weight(parsed) }, SubjectViews.Cropped(side, filter: ResizeFilter.Lanczos))
            {
                Record =
                [
                    ("rank", recipe.Rank),
                    ("alpha", recipe.Alpha ?? recipe.Rank),
                    ("layers", ConfigWriter.List(recipe.Layers)),
                    ("text_encoder", recipe.TextEncoder),
                ],
            },
            cancellationToken);
    }
}
