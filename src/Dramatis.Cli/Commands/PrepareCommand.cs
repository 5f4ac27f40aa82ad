using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Training.Preparation;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis prepare</c>: from pictures with captions to the records that adapters are trained on.</summary>
internal sealed class PrepareCommand
{
    private readonly Option<string> data = new("--data")
    {
        Description = "Folder of pictures, each with its caption beside it (NAME.txt), and of clips: folders of frames, likewise.",
        Required = true,
    };
    private readonly Option<string> detector = new("--detector")
    {
        Description = "ONNX model that finds phrases in pictures, such as Grounding DINO; settings in the JSON file of the same name.",
        Required = true,
    };
    private readonly Option<string> segmenter = new("--segmenter")
    {
        Description = "ONNX model that masks what is in a box, such as SAM; settings likewise.",
        Required = true,
    };
    private readonly Option<string?> features = new("--features")
    {
        Description = "ONNX model whose features match subjects across frames, such as DINO; settings likewise.",
    };
    private readonly Option<string?> model = new("--model") { Description = "Model folder whose image_encoder does that instead." };
    private readonly Option<string?> filters = new("--filters") { Description = "JSON file with limits other than the usual ones." };
    private readonly Option<int> pairs = new("--pairs") { Description = "Pairs of frames that are taken from a clip.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> most = new("--max-subjects") { Description = "Of one record; the surest stay.", DefaultValueFactory = _ => 4 };
    private readonly Option<bool> labelMaps = new("--label-maps")
    {
        Description = "Write the pictures as FastComposer's published data set is laid out, too, with label maps.",
    };
    private readonly Option<string> output = new("--output", "-o") { Description = "Folder of the records; a run found there goes on.", Required = true };

    public Command Create()
    {
        var command = new GroupedCommand(
            "prepare",
            """
            Makes records for 'dramatis train' with ms-diffusion, ip-adapter or fastcomposer of pictures or pairs of video frames: phrases of their
            captions, boxes, masks.

            Example: dramatis prepare --data ~/pictures --detector dino.onnx --segmenter sam.onnx -o ~/records    # needs pictures and models of yours
            """);
        command.Add("Pictures", data, pairs);
        command.Add("Models that look at them", detector, segmenter, features, model);
        command.Add("Records", filters, most, labelMaps, output);
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken) => FlagNames.Named(() =>
    {
        var options = new PreparationOptions
        {
            Data = parsed.GetRequiredValue(data),
            Output = parsed.GetRequiredValue(output),
            Filters = parsed.GetValue(filters) is { } file ? PreparationFilters.Load(file) : new(),
            Pairs = parsed.GetValue(pairs),
            MostSubjects = parsed.GetValue(most),
            LabelMaps = parsed.GetValue(labelMaps),
        };
        var models = new PreparationModels
        {
            Detector = parsed.GetRequiredValue(detector),
            Segmenter = parsed.GetRequiredValue(segmenter),
            Features = parsed.GetValue(features),
            Model = parsed.GetValue(model),
        };
        Console.WriteLine(PrepareReport.Text(RecordPreparation.Run(options, models, new PrepareReport(), cancellationToken)));
    });
}
