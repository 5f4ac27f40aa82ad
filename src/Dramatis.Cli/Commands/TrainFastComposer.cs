using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Methods.FastComposer;
using Dramatis.Training.Adapters;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis train fastcomposer</c>.</summary>
internal sealed class TrainFastComposer
{
    private static readonly FastComposerRequest Usual = new() { Model = "", Data = "", Output = "" };

    private readonly TrainOptions options = new(
        usualPictures: 100_000, usualBatch: 16, usualRate: 1e-5,
        "Folder with image_ids_train.txt, pictures, captions and label maps, or with records.jsonl and the pictures that it names.");

    private readonly TrainAdapterOptions shared;
    private readonly Option<string?> from = TrainOptions.From(ModelFolder.AdapterName(FastComposerMethod.Name));

    private readonly Option<string[]> layers = new("--layers")
    {
        Description = "Ends of the paths of the denoiser's layers that are trained, for example attn2.to_k; all of it when not given.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<double> localization = new("--localization")
    {
        Description = "What attention outside of subjects costs; 0 leaves it out.",
        DefaultValueFactory = _ => Usual.Localization,
    };

    private readonly Option<int> blocks = new("--localization-blocks")
    {
        Description = "How many blocks of the denoiser that watches, around the middle one.",
        DefaultValueFactory = _ => Usual.LocalizationBlocks,
    };

    private readonly Option<double> masked = new("--masked-share")
    {
        Description = "How often a step counts only cells with subjects.",
        DefaultValueFactory = _ => Usual.MaskedShare,
    };

    private readonly Option<double> dropped = new("--drop-subjects")
    {
        Description = "How often a caption is shown without its subjects.",
        DefaultValueFactory = _ => Usual.DropSubjects,
    };

    private readonly Option<string[]> kinds = new("--kinds")
    {
        Description = "What subjects of label maps may be, for example person; all when not given.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> plain = new("--no-augmentation") { Description = "Show references as they are, not turned, lit and warped." };

    public TrainFastComposer() => shared = new(options);

    public Command Create()
    {
        var command = new GroupedCommand(
            FastComposerMethod.Name,
            """
            Trains FastComposer for a model: fusing layers, the last layers of the image encoder, and the denoiser or some of its layers.

            Example: dramatis train fastcomposer --data ~/records --model models/toybox --layers attn2.to_k attn2.to_v -o ~/runs/fc    # needs records
            """);
        shared.AddTo(command, [from, kinds], ("Method", [layers, localization, blocks, masked, dropped, plain]));
        command.SetAction((parsed, cancellationToken) =>
        {
            shared.Run(parsed, Request(parsed), cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private FastComposerRequest Request(ParseResult parsed) => new()
    {
        Model = shared.Model(parsed),
        Data = options.Data(parsed),
        Output = options.Output(parsed),
        From = parsed.GetValue(from),
        Layers = parsed.GetValue(layers) is { Length: > 0 } named ? named : null,
        Localization = parsed.GetValue(localization),
        LocalizationBlocks = parsed.GetValue(blocks),
        MaskedShare = parsed.GetValue(masked),
        DropSubjects = parsed.GetValue(dropped),
        Kinds = parsed.GetValue(kinds) is { Length: > 0 } some ? some : null,
        Augment = !parsed.GetValue(plain),
    };
}
