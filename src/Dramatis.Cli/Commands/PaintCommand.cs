using System.CommandLine;
using System.Globalization;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Methods.Catalog;
using Dramatis.Weights.Catalog;
using Dramatis.Pictures;
using Dramatis.Pipelines;
using Dramatis.Requests;
using Dramatis.Schedules;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis paint</c>: one order, from flags, a file or an earlier picture.</summary>
internal sealed class PaintCommand
{
    private readonly Argument<string?> order = new("PROMPT|ORDER.json")
    {
        Description = "What the picture shows, or an order file or a guidance file of Cones 2 (ends in .json); flags override it.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> output = new("--output", "-o") { Description = "PNG file to write.", DefaultValueFactory = _ => "out.png" };
    private readonly Option<string[]> subjects = new("--subject", "-s") { Description = "PHRASE=PICTURE[,PICTURE...][@LEFT,TOP,RIGHT,BOTTOM][*STRENGTH]; residual:FILE, lora:FILE and embedding:FILE for what was learned; may be given again." };
    private readonly Option<string?> negative = new("--negative") { Description = "What the picture should not show." };
    private readonly Option<bool?> weights = new("--prompt-weights") { Description = "Brackets in prompts are weights: (word:1.2), (word), [word]; \\( is a bracket." };
    private readonly Option<bool?> whole = new("--long-prompt") { Description = "Read prompts of more than 77 tokens whole, in chunks." };
    private readonly Option<string?> size = new("--size") { Description = "WIDTHxHEIGHT in pixels, for example 128x128." };
    private readonly Option<int?> steps = new("--steps") { Description = "Sampling steps." };
    private readonly Option<double?> guidance = new("--guidance") { Description = "How strongly the text steers; 1 is not at all." };
    private readonly Option<double?> rescale = new("--guidance-rescale") { Description = "How far guidance gets its contrast back, 0 to 1; for models that predict velocity .7 is usual." };
    private readonly Option<double[]> window = new("--guidance-window") { Description = "START END: the guided steps, as fractions.", Arity = new(2, 2), AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> sampler = new("--sampler") { Description = $"One of {string.Join(", ", SamplerKinds.All)}." };
    private readonly Option<string?> schedule = new("--schedule") { Description = $"Which noise levels are visited: {string.Join(", ", ScheduleNames.All)}." };
    private readonly Option<ulong?> seed = new("--seed") { Description = "The same seed paints the same picture." };
    private readonly Option<int?> count = new("--count") { Description = "How many pictures; their files are numbered." };
    private readonly Option<string?> image = new("--image") { Description = "A picture to begin with." };
    private readonly Option<double?> denoise = new("--denoise") { Description = "How much of --image is noise at first: above 0 to 1." };
    private readonly Option<string?> mask = new("--mask") { Description = "Where --image is painted anew: white there, black where it is kept." };
    private readonly Option<string[]> controls = new("--control") { Description = "CONTROLNET=PICTURE[@SCALE[,START,END]], a name of 'dramatis models', a folder or a file first; may be given again." };
    private readonly Option<string[]> loras = new("--lora") { Description = "FILE|NAME[*SCALE]: a LoRA, a learned word or layers of Custom Diffusion on the model; may be given again." };
    private readonly Option<bool?> tiling = new("--vae-tiling") { Description = "Decode in overlapping tiles, which takes less memory; true or false, by itself for pictures above 1024x1024." };
    private readonly Option<string?> method = new("--method") { Description = $"How subjects are kept: {string.Join(", ", MethodCatalog.All.Select(item => item.Name))}." };
    private readonly Option<string?> layout = new("--layout") { Description = $"How subjects find their cells: {string.Join(", ", LayoutModes.All)}." };
    private readonly Option<string?> layoutFile = new("--layout-file") { Description = "A guidance file of Cones 2: residuals, and places of words as colours of a picture." };
    private readonly Option<double?> binding = new("--binding") { Description = "How strongly words are held inside the places of their subjects; 0 is not at all." };
    private readonly Option<string?> model = new("--model") { Description = "A name of 'dramatis models', a model folder, or a model in a single file; the embedded model when not given." };
    private readonly LoadingOptions loading = new();
    private readonly Option<string?> again = new("--again") { Description = "Repeat a picture that Dramatis has painted, bit for bit." };
    private readonly Option<int> preview = new("--preview-every") { Description = "Write OUTPUT.preview.png, roughly what comes out, after so many steps each." };
    private readonly Option<bool> json = new("--json") { Description = "Events as JSON lines on standard output." };
    private readonly Option<bool> stats = new("--stats") { Description = "Say what was set up, how long it took, and peak memory." };

    public static Command Create() => new PaintCommand().Build();

    private Command Build()
    {
        var command = new Command(
            "paint",
            """
            Paints a picture of your own subjects.

            Examples:
              dramatis paint samples/orders/cast.json -o out.png
              dramatis paint "a {dog} and a {rose} on a beach" -s "dog=dog.png@0.05,0.4,0.45,0.9" -s "rose=rose.png@0.55,0.3,0.95,0.9"
              dramatis paint "a {dog} in the snow" -s dog=dog.png --image photo.png --mask mask.png
              dramatis paint "a castle" --model models/sd15 --control models/canny=edges.png@0.8,0,0.6
              dramatis paint "a {toy} in the snow" -s toy=embedding:learned_embeds.safetensors --lora watercolour.safetensors*0.7
              dramatis paint --again out.png -o same.png
            """)
        {
            order, output, subjects, negative, weights, whole, size, steps, guidance, rescale, window, sampler, schedule, seed, count, image, denoise,
            mask, controls, loras, tiling, method, layout, layoutFile, binding, model, again, preview, json, stats,
        };
        foreach (var option in loading.All)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(order) is null == result.GetValue(again) is null)
            {
                result.AddError("Give either a prompt, an order file, or --again with a picture.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var report = new PaintReport(parsed.GetValue(json));
        var record = parsed.GetValue(again) is { } picture ? PictureRecord.Read(picture) : null;
        record?.CheckReferences(MethodCatalog.FilesIn);
        var request = Override(parsed, record?.Request ?? Read(parsed.GetValue(order)!));
        var path = parsed.GetRequiredValue(output);
        AtomicFile.Probe(path);

        var repeats = request == record?.Request;
        var catalog = Models.Open();
        using var generator = ImageGenerator.Open(ModelCatalog.Embedded, new()
        {
            Catalog = catalog,
            RecordFolder = Path.GetDirectoryName(Path.GetFullPath(path)),
            PreviewEvery = parsed.GetValue(preview),
            Loading = loading.Read(parsed),
        });
        await foreach (var item in generator.GenerateAsync(request, cancellationToken))
        {
            if (repeats && item is ModelReady ready && ready.Fingerprint != record!.Model)
            {
                throw new InvalidRequestException("model", $"{ready.Model} has other weights than those that {parsed.GetValue(again)} was painted with.");
            }

            report.Show(item, item switch
            {
                PictureDone done => Write(NumberOf(path, request.Count, done.Picture), done.Png),
                Preview look => Write(Path.ChangeExtension(NumberOf(path, request.Count, look.Picture), ".preview.png"), look.Png),
                _ => null,
            });
        }

        report.End(parsed.GetValue(stats));
        return 0;
    }

    private static string NumberOf(string path, int count, int picture) => count == 1 ? path : Path.Combine(
        Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{picture + 1}{Path.GetExtension(path)}");

    private static string Write(string file, byte[] png)
    {
        AtomicFile.Write(file, stream => stream.Write(png));
        return file;
    }

    private static GenerationRequest Read(string order) =>
        !order.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? new() { Prompt = order }
        : MethodCatalog.OrderOf(order) ?? RequestJson.Load(order);

    private GenerationRequest Override(ParseResult parsed, GenerationRequest request) => request with
    {
        NegativePrompt = parsed.GetValue(negative) ?? request.NegativePrompt,
        PromptWeights = parsed.GetValue(weights) ?? request.PromptWeights,
        LongPrompt = parsed.GetValue(whole) ?? request.LongPrompt,
        Subjects = parsed.GetValue(subjects) is { Length: > 0 } texts ? [.. texts.Select(SubjectText.Parse)] : request.Subjects,
        Size = ParseSize(parsed.GetValue(size)) ?? request.Size,
        Steps = parsed.GetValue(steps) ?? request.Steps,
        Guidance = parsed.GetValue(guidance) ?? request.Guidance,
        GuidanceRescale = parsed.GetValue(rescale) ?? request.GuidanceRescale,
        GuidanceWindow = parsed.GetValue(window) is [var start, var end] ? new(start, end) : request.GuidanceWindow,
        Sampler = parsed.GetValue(sampler) ?? request.Sampler,
        Schedule = parsed.GetValue(schedule) ?? request.Schedule,
        Seed = parsed.GetValue(seed) ?? request.Seed,
        Count = parsed.GetValue(count) ?? request.Count,
        Image = PictureOf(parsed, image) ?? request.Image,
        Denoise = parsed.GetValue(denoise) ?? request.Denoise,
        Mask = PictureOf(parsed, mask) ?? request.Mask,
        Controls = parsed.GetValue(controls) is { Length: > 0 } lines ? [.. lines.Select(ControlText.Parse)] : request.Controls,
        Loras = parsed.GetValue(loras) is { Length: > 0 } files ? [.. files.Select(ControlText.ParseLora).Select(lora => lora with { File = Models.Open().LocateWeights(lora.File) })] : request.Loras,
        VaeTiling = parsed.GetValue(tiling) ?? request.VaeTiling,
        Method = parsed.GetValue(method) ?? request.Method,
        Model = parsed.GetValue(model) ?? request.Model,
        Layout = request.Layout with
        {
            Mode = parsed.GetValue(layout) is { } mode ? LayoutModes.Parse(mode, "--layout") : request.Layout.Mode,
            File = parsed.GetValue(layoutFile) ?? request.Layout.File,
            Binding = parsed.GetValue(binding) ?? request.Layout.Binding,
        },
    };

    private static Reference? PictureOf(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } path ? Reference.FromFile(path) : null;

    /// <summary>A size as users write it; null stays null.</summary>
    internal static PixelSize? ParseSize(string? text) =>
        text is null ? null
        : text.Split('x', 'X') is [var width, var height]
        && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var w)
        && int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var h)
            ? new(w, h)
            : throw new InvalidRequestException("--size", $"\"{text}\" is no size; write WIDTHxHEIGHT, for example 128x128.");
}
