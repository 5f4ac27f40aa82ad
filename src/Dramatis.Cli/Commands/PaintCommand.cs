using System.CommandLine;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Methods.Catalog;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Server.Painting;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis paint</c>: one order, from flags, a file or an earlier picture.</summary>
internal sealed class PaintCommand(RequestFlags flags)
{
    private static readonly (FieldGroup Group, string Title)[] Titles =
    [
        (FieldGroup.Subjects, "Subjects"), (FieldGroup.Picture, "Picture"), (FieldGroup.Sampling, "Sampling"),
        (FieldGroup.Sources, "From pictures and with other weights"), (FieldGroup.Run, "Run"),
    ];

    private readonly Argument<string?> order = new("PROMPT|ORDER.json")
    {
        Description = "What the picture shows, or an order file or a guidance file of Cones 2 (ends in .json); flags override it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> output = new("--output", "-o")
    {
        Description = "PNG, JPEG or WebP file to write, by its ending, or a folder; - is standard output. A name that is taken gets a number.",
        DefaultValueFactory = _ => "out.png",
    };

    private readonly Option<bool> overwrite = new("--overwrite") { Description = "Replace files that are there." };
    private readonly LoadingOptions loading = new();
    private readonly OwnModelOptions own = new();
    private readonly Option<string?> again = new("--again") { HelpName = "PICTURE", Description = "Repeat a picture that Dramatis has painted, bit for bit." };
    private readonly Option<int> preview = new("--preview-every")
    {
        HelpName = "N",
        Description = "Write OUTPUT.preview.png, roughly what comes out, after so many steps each.",
    };

    private readonly Option<string?> cutOuts = new("--save-cutouts")
    {
        HelpName = "FOLDER",
        Description = "Folder for what is cut out of photographs, as PNG files.",
    };

    private readonly Option<bool> json = new("--json") { Description = "Events as JSON lines on standard output." };
    private readonly Option<bool> stats = new("--stats") { Description = "Say what was set up, how long it took, and peak memory." };

    /// <param name="isCalled">Otherwise it is only listed, without the flags of the request.</param>
    public static Command Create(bool isCalled = true) => new PaintCommand(new(isCalled)).Build();

    private GroupedCommand Build()
    {
        var command = new GroupedCommand(
            "paint",
            """
            Paints a picture of your own subjects.

            Examples:
              dramatis paint samples/orders/cast.json -o out.png
              dramatis paint "a {dog} and a {rose} on a beach" -s "dog=samples/subjects/dog.png@0.05,0.4,0.45,0.9" -s "rose=samples/subjects/rose.png@0.55,0.3,0.95,0.9"
              dramatis paint "a {dog} in the snow" -s dog=samples/subjects/dog.png --image out.png --denoise 0.6 -o snow.png
              dramatis paint "a castle" --model models/sd15 --control models/canny=edges.png@0.8,0,0.6    # needs SD 1.5 and a ControlNet
              dramatis paint "a {toy} in the snow" -s toy=learned:learned_embeds.safetensors --lora watercolour.safetensors*0.7    # needs these files
              dramatis paint --again out.png -o same.png
            """)
        {
            order,
        };
        foreach (var (group, title) in Titles)
        {
            command.Add(title, flags.Options.Where(flag => flag.Group == group).Select(flag => flag.Option));
        }

        command.Add(Titles[^1].Title, [output, overwrite, .. own.All, .. loading.All, again, preview, cutOuts, json, stats]);
        command.Validators.Add(result =>
        {
            if (result.GetValue(order) is null == result.GetValue(again) is null)
            {
                result.AddError("Give either a prompt, an order file, or --again with a picture.");
            }

            if (result.GetValue(output) == PictureOutput.Standard && result.GetValue(json))
            {
                result.AddError("With -o - the picture takes standard output; leave out --json.");
            }
        });
        command.SetAction(RunNamedAsync);
        return command;
    }

    // A field that a flag has said is called by the flag, but where the file that it stands in cannot be read.
    private async Task<int> RunNamedAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var record = parsed.GetValue(again) is { } picture ? PictureRecord.Read(picture) : null;
        record?.CheckReferences(MethodCatalog.FilesIn);
        var given = record?.Request ?? Read(parsed.GetValue(order)!);
        try
        {
            return await RunAsync(parsed, given, record, cancellationToken);
        }
        catch (InvalidRequestException e) when (flags.NameOf(e.Field, parsed) is { } flag)
        {
            throw new InvalidRequestException(flag, e.Problem);
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, GenerationRequest given, PictureRecord? record, CancellationToken cancellationToken)
    {
        using var report = new PaintReport(parsed.GetValue(json));
        var request = flags.Override(given, parsed);
        request.Validate();
        var pictures = PictureOutput.Open(parsed.GetRequiredValue(output), request.Count, parsed.GetValue(overwrite));
        InvalidRequestException.ThrowUnless(
            pictures.HasFiles || parsed.GetValue(preview) == 0,
            "--preview-every", $"writes files beside the output, but {parsed.GetValue(output)} is none; give -o a file or a folder.");
        var repeats = request == record?.Request;
        var catalog = Models.Open();
        using var cutter = new Cutter(catalog);
        using var generator = ImageGenerator.Open(request.Model ?? ModelCatalog.Embedded, new()
        {
            Catalog = catalog,
            RecordFolder = pictures.Folder,
            PreviewEvery = parsed.GetValue(preview),
            Loading = own.Read(parsed, loading.Read(parsed), catalog),
            CutOut = cutter,
        });
        report.Begin(request.Model ?? ModelCatalog.Embedded, request.Count);
        await foreach (var item in generator.GenerateAsync(request, cancellationToken))
        {
            if (repeats && item is ModelReady ready && ready.Fingerprint != record!.Model)
            {
                throw new InvalidRequestException("model", $"{ready.Model} has other weights than those that {parsed.GetValue(again)} was painted with.");
            }

            if (item is PictureDone { Picture: 0 } first && pictures.Missing(first.Png) is { } problem)
            {
                report.Show(new Notice("output", problem), null);
            }

            report.Show(item, item switch
            {
                PictureDone done => pictures.Write(done.Png),
                Preview look => pictures.WritePreview(look.Png),
                SubjectCutOut cut when parsed.GetValue(cutOuts) is { } folder => Save(folder, cut),
                _ => null,
            });
        }

        report.End(parsed.GetValue(stats));
        return 0;
    }

    private static string Save(string folder, SubjectCutOut cut)
    {
        OutputFolder.Create(folder);
        var file = Path.Combine(folder, $"subject-{cut.Subject + 1}-{cut.Reference + 1}.png");
        AtomicFile.Write(file, stream => stream.Write(cut.Png));
        return file;
    }

    private static GenerationRequest Read(string order) =>
        File.Exists(order) && !order.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? throw new InvalidRequestException(
            "prompt", $"{order} is a file, not words; --image {order} begins with a picture, --again {order} repeats one, and order files end in .json.")
        : !order.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? new() { Prompt = order }
        : MethodCatalog.OrderOf(order) ?? RequestJson.Load(order);
}
