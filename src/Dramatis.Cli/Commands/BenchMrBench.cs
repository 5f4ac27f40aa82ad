using System.CommandLine;
using Dramatis.Benches.Metrics;
using Dramatis.Benches.MrBench;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Pipelines;
using Dramatis.Toybox;
using Dramatis.Training.Subjects;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench mrbench</c>.</summary>
internal sealed class BenchMrBench
{
    private const string Target = "target";
    private const string References = "references";

    private readonly Option<string> data = new("--data")
    {
        Description = $"{MrGroups.FileName}, a group a line, or the folder with it.",
        Required = true,
    };
    private readonly Option<bool> build = new("--build")
    {
        Description = $"Write {MrGroups.FileName} for the folders of pictures in --data, and paint nothing. The last picture of each is the target, "
            + "a text file of its name, or caption.txt, its caption.",
    };
    private readonly Option<double> heldOut = new("--held-out") { Description = "With --build: the share of the topics that are held out.", DefaultValueFactory = _ => .5 };
    private readonly Option<ulong> seed = UsualOptions.Seed("With --build: of the split, and of the first group's pictures.");
    private readonly Option<string?> model = new("--model") { Description = "A name of 'dramatis models', or a model folder." };
    private readonly Option<string?> method = new("--method") { Description = "What keeps the group; the model's own when not given." };
    private readonly Option<string?> learned = new("--learned")
    {
        Description = "Folder with what was learned of each group (LoRA), GROUP_ID.safetensors, to paint with instead of references.",
    };
    private readonly Option<string?> label = new("--label") { Description = "What rows of the table call it; the method when not given." };
    private readonly Option<int[]> shown = new("--references")
    {
        Description = "How many references are shown, at most; several numbers are measured one after another. All when not given.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<int> samples = new("--samples") { Description = "Pictures of a group.", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> shuffle = new("--shuffle") { Description = "Show references in an order of each picture's own." };
    private readonly Option<double> strength = new("--strength") { Description = "Of the references.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> clip = new("--clip") { Description = "CLIP folder with both towers (ViT-L/14 is usual), for CLIP-I and CLIP-T." };
    private readonly Option<string?> dino = new("--dino") { Description = "DINO (ViT-S/16 is usual) or DINOv2, for DINO-I." };
    private readonly Option<string?> bank = new("--bank")
    {
        Description = "Bank of 'toybox data', for groups of 'toybox groups' that share a subject: whether it is there.",
    };
    private readonly Option<string> with = new("--compare-with") { Description = "What pictures are compared with.", DefaultValueFactory = _ => Target };
    private readonly Option<int?> steps = new("--steps") { Description = "Sampling steps; the model's own when not given." };
    private readonly Option<double?> guidance = new("--guidance") { Description = "Of the prompt; the model's own when not given." };
    private readonly Option<string?> size = new("--size") { Description = "WIDTHxHEIGHT in pixels; the model's own when not given." };
    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "Folder for pictures and tables; pictures that are there are not painted again. Methods share it.",
    };

    public Command Create()
    {
        var command = new GroupedCommand(
            "mrbench",
            """
            Multi-reference generation as EasyRef's paper measures it, as far as that is known: paints each group's prompt with its references, and
            scores how near the pictures come to the target, or the references, and the prompt. Stopped, it goes on when the same command is given
            again.

            Example: dramatis bench mrbench --data ~/groups --model ./sdxl --method easyref --clip ./clip-l --dino ./dino -o runs/mrbench    # needs these
            """);
        command.Add("Groups", data, build, heldOut);
        command.Add("How it is painted", model, method, learned, shown, shuffle, strength, samples, steps, guidance, size, seed);
        command.Add("What judges it", clip, dino, bank, with);
        command.Add("Run", label, output);
        with.AcceptOnlyFromAmong(Target, References);
        samples.Require(NumberRule.Above(0));
        shown.Require<int>(count => count > 0, "takes numbers above 0");
        heldOut.Require<double>(share => share is >= 0 and <= 1, "takes a number from 0 to 1");
        command.SetAction((parsed, cancellationToken) =>
        {
            Run(parsed, cancellationToken);
            return Task.FromResult(0);
        });
        return command;
    }

    private void Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(build))
        {
            Build(parsed);
            return;
        }

        var folder = Needed(parsed, output);
        var groups = MrGroups.Load(parsed.GetRequiredValue(data));
        ScorerSettings.Tell(parsed.GetValue(clip), Console.Error.WriteLine);
        ScorerSettings.Tell(parsed.GetValue(dino), Console.Error.WriteLine);
        using var encoders = MrEncoders.Load(parsed.GetValue(clip), parsed.GetValue(dino));
        using var painter = new Painter(BaseModel.Load(Models.Open().Locate(Needed(parsed, model))));
        var run = new MrBenchRun(OptionsOf(parsed, folder), encoders, (request, watch) => painter.Paint(request, watch, cancellationToken),
            new(groups, parsed.GetValue(bank) is { } subjects ? SubjectBank.Load(subjects) : null));
        var own = run.Run(groups, (done, all) => Console.Error.WriteLine($"{done} of {all} pictures"), cancellationToken);
        var rows = MrRows.Merge(folder, own);
        var withReferences = parsed.GetRequiredValue(with) == References;
        MrTable.Write(folder, rows, withReferences);
        Console.Write(MrTable.Text(rows, withReferences));
    }

    private MrBenchOptions OptionsOf(ParseResult parsed, string folder) => new()
    {
        Output = folder,
        Method = parsed.GetValue(method),
        Learned = parsed.GetValue(learned),
        Label = parsed.GetValue(label) ?? parsed.GetValue(method) ?? "usual",
        References = parsed.GetValue(shown) is { Length: > 0 } counts ? counts : [int.MaxValue],
        Samples = parsed.GetValue(samples),
        Shuffle = parsed.GetValue(shuffle),
        Strength = parsed.GetValue(strength),
        Steps = parsed.GetValue(steps),
        Guidance = parsed.GetValue(guidance),
        Size = parsed.GetValue(size) is { } given ? RequestFlags.ParseSize(given) : null,
    };

    private void Build(ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(data);
        var groups = MrGroupFolder.Read(folder, parsed.GetValue(heldOut), parsed.GetValue(seed));
        var file = Path.Combine(folder, MrGroups.FileName);
        MrGroups.Write(file, groups);
        Console.WriteLine($"{file}: {groups.Count} groups, {groups.Count(group => group.Split == MrGroup.HeldOut)} of them held out");
    }

    private static string Needed(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) ?? throw new InvalidRequestException(option.Name, "is needed, unless --build is given.");
}
