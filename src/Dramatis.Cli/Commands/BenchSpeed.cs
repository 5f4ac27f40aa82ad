using System.CommandLine;
using System.Globalization;
using Dramatis.Benches.Speed;
using Dramatis.Cli.Usage;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.Subjects;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench speed</c>.</summary>
internal sealed class BenchSpeed
{
    private const int Largest = 2048;

    private readonly Option<string> family = new("--family")
    {
        Description = "Networks: sd15, sd21 or sdxl; or qwen2vl-2b, the language model of EasyRef.",
        DefaultValueFactory = _ => "sd15",
    };

    private readonly Option<string?> size = new("--size") { Description = "WIDTHxHEIGHT in pixels; the family's own when not given." };
    private readonly Option<int> steps = new("--steps")
    {
        Description = "Steps to measure; of several the first one does not count.",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<string?> subjects = new("--subjects")
    {
        Description = "N[,N...]: instead, what so many subjects add to a step and to memory, side by side in one run.",
    };

    private readonly Option<string> method = new("--method")
    {
        Description = $"What keeps those subjects: {string.Join(", ", BenchedMethod.All.Select(item => item.Name))}.",
        DefaultValueFactory = _ => BenchedMethod.All[0].Name,
    };

    private readonly Option<string> pictures = new("--pictures")
    {
        Description = "N[,N...]: with qwen2vl-2b, the pictures of the groups that are read.",
        DefaultValueFactory = _ => "1,4,8",
    };

    private readonly Option<bool> tiling = new("--vae-tiling") { Description = "Decode in overlapping tiles, which takes less memory and more work." };
    private readonly LoadingOptions loading = new();
    private readonly Option<bool> json = new("--json") { Description = "One JSON object on standard output." };

    public Command Create()
    {
        var command = new GroupedCommand(
            "speed",
            """
            Times a guided step and the decoding of a picture, with full-size networks of random weights, against a large matrix product.

            Examples:
              dramatis bench speed --family sd15 --size 512x512 --steps 3    # needs 6 GB of memory
              dramatis bench speed --family sdxl --weights as-stored --subjects 1,2,4,6    # needs 14 GB of memory
              dramatis bench speed --subjects 1,2,4 --method fastcomposer    # needs 6 GB of memory
              dramatis bench speed --family qwen2vl-2b --weights as-stored --pictures 1,4,8    # needs 6 GB of memory
            """);
        command.Add("What is measured", family, size, steps, subjects, method, pictures);
        command.Add("Memory and device", [tiling, .. loading.All]);
        command.Add("Run", json);
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
        if (parsed.GetRequiredValue(family) == GroupBench.Family)
        {
            var groups = GroupBench.Run(
                Counts(parsed.GetRequiredValue(pictures), "--pictures", 1, GroupBench.Most), loading.Read(parsed), cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? GroupReport.Json(groups) : GroupReport.Text(groups));
            return;
        }

        var networks = SpeedFamily.Find(parsed.GetRequiredValue(family));
        var pixels = Check(parsed.GetValue(size) is { } wanted ? RequestFlags.ParseSize(wanted) : networks.Size, networks);
        var how = loading.Read(parsed);
        if (parsed.GetValue(subjects) is { } text)
        {
            var costs = SubjectBench.Run(
                networks, pixels, BenchedMethod.Find(parsed.GetRequiredValue(method)), Counts(text, "--subjects", 0, SubjectBench.Most),
                parsed.GetValue(steps), how, cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? SubjectReport.Json(costs) : SubjectReport.Text(costs));
            return;
        }

        var result = SpeedBench.Run(networks, pixels, parsed.GetValue(steps), how, parsed.GetValue(tiling), cancellationToken);
        Console.WriteLine(parsed.GetValue(json) ? SpeedReport.Json(result) : SpeedReport.Text(result));
    }

    private static int[] Counts(string text, string flag, int least, int most)
    {
        return [.. text.Split(',').Select(Count)];

        int Count(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most
            ? count
            : throw new InvalidRequestException(flag, $"\"{text}\" is no list of numbers from {least} to {most}; write for example 1,2,4,6.");
    }

    private static PixelSize Check(PixelSize size, SpeedFamily family)
    {
        var (width, height, factor) = (size.Width, size.Height, family.Vae.Factor);
        return width >= factor && height >= factor && width % factor == 0 && height % factor == 0 && Math.Max(width, height) <= Largest
            ? size
            : throw new InvalidRequestException("--size", $"{size} cannot be measured; give multiples of {factor} up to {Largest} pixels.");
    }
}
