using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Methods.EasyRef;
using Dramatis.Training.Adapters;
using Dramatis.Training.EasyRef;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train easyref</c>.</summary>
internal sealed class TrainEasyRef
{
    private static readonly EasyRefRequest Usual = new() { Model = "", Data = "", Output = "", Stage = 1 };

    private readonly TrainOptions options = new(
        usualPictures: 100_000, usualBatch: 8, usualRate: null,
        $"JSON list of groups, or the folder with it as {GroupSet.FileName}; pictures are named from where it is.");

    private readonly TrainAdapterOptions shared;
    private readonly Option<int> stage = new("--stage")
    {
        Description = "1: new tokens, projector and image projections; 2: the language model too, on single references; 3: on groups.",
        Required = true,
    };
    private readonly Option<string?> from = new("--from")
    {
        Description = $"Model folder whose {ModelFolder.AdapterName(EasyRefMethod.Name)} the stage goes on from, or a checkpoint's file; stages 2 and 3 need it.",
    };
    private readonly Option<string?> language = new("--language-model") { Description = "Qwen2-VL's folder; the model's multimodal_llm when not given." };
    private readonly Option<int> rank = new("--rank") { Description = "Of the denoiser's changes, in stage 2.", DefaultValueFactory = _ => Usual.Rank };
    private readonly Option<int> tokens = new("--tokens") { Description = "What a group becomes, in stage 1.", DefaultValueFactory = _ => Usual.Tokens };
    private readonly Option<int> side = new("--reference-size")
    {
        Description = "About the pixels a side that references are brought to.",
        DefaultValueFactory = _ => Usual.ReferenceSide,
    };
    private readonly Option<int> most = new("--max-references") { Description = "References of a sample, at most.", DefaultValueFactory = _ => Usual.MostReferences };
    private readonly Option<double?> truncate = new("--truncate")
    {
        Description = "How often only some references of a group are shown; 0.4 in stage 3 when not given.",
    };
    private readonly Option<double> dropText = new("--drop-text") { Description = "How often the words alone are left out.", DefaultValueFactory = _ => Usual.DropText };
    private readonly Option<double> noisiest = new("--noisiest")
    {
        Description = "How often the noisiest level is drawn, beside all alike; where no signal is left there, it alone teaches what a picture is as a whole.",
    };
    private readonly Option<bool> keepOrder = new("--keep-order") { Description = "Show references in the order of the data." };
    private readonly Option<bool> cutAlike = new("--cut-alike") { Description = "Cut a single reference where its target is cut, as the reference implementation does." };
    private readonly Option<bool> bidirectional = new("--bidirectional") { Description = "Tokens see all of each other, instead of those before them." };
    private readonly Option<GroupAggregation> aggregation = new("--aggregation")
    {
        Description = "How pictures of a group come together: tokens, average or joined.",
    };

    public TrainEasyRef() => shared = new(options);

    public Command Create()
    {
        var command = new GroupedCommand(
            EasyRefMethod.Name,
            """
            Trains EasyRef for a model by one of its three stages, each from what the one before has left.

            Example: dramatis train easyref --stage 1 --data ~/groups --model ./sdxl -o ~/runs/easyref-1    # needs groups, and SDXL
            """);
        shared.AddTo(command, [from, language], ("Method", [stage, rank, tokens, bidirectional, aggregation]), ("References", [side, most, truncate, dropText, noisiest, keepOrder, cutAlike]));
        command.SetAction((parsed, cancellationToken) =>
        {
            shared.Run(parsed, Request(parsed), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private EasyRefRequest Request(ParseResult parsed) => new()
    {
        Model = shared.Model(parsed),
        Data = options.Data(parsed),
        Output = options.Output(parsed),
        From = parsed.GetValue(from),
        Stage = parsed.GetValue(stage),
        LearningRate = EasyRefRequest.UsualRate(parsed.GetValue(stage)),
        LanguageModel = parsed.GetValue(language),
        Rank = parsed.GetValue(rank),
        Tokens = parsed.GetValue(tokens),
        ReferenceSide = parsed.GetValue(side),
        MostReferences = parsed.GetValue(most),
        Truncate = parsed.GetValue(truncate),
        DropText = parsed.GetValue(dropText),
        Noisiest = parsed.GetValue(noisiest),
        KeepOrder = parsed.GetValue(keepOrder),
        CutAlike = parsed.GetValue(cutAlike),
        Bidirectional = parsed.GetValue(bidirectional),
        Aggregation = parsed.GetValue(aggregation),
    };
}
