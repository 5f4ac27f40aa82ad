using System.CommandLine;
using Dramatis.Benches.Speed;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench speed</c>.</summary>
internal sealed class BenchSpeed
{
    private const int Largest = 2048;

    private readonly Option<string> family = new("--family") { Description = "Networks: sd15, sd21 or sdxl.", DefaultValueFactory = _ => "sd15" };
    private readonly Option<string?> size = new("--size") { Description = "WIDTHxHEIGHT in pixels; the family's own when not given." };
    private readonly Option<int> steps = new("--steps")
    {
        Description = "Steps to measure; of several the first one does not count.",
        DefaultValueFactory = _ => 3,
    };

    private readonly Option<bool> tiling = new("--vae-tiling") { Description = "Decode in overlapping tiles, which takes less memory and more work." };
    private readonly Option<string> storage = StorageOption.Create();
    private readonly Option<bool> json = new("--json") { Description = "One JSON object on standard output." };

    public Command Create()
    {
        var command = new Command(
            "speed",
            """
            Times a guided step and the decoding of a picture, with full-size networks of random weights, against a large matrix product.

            Example: dramatis bench speed --family sd15 --size 512x512 --steps 3
            """);
        Option[] all = [family, size, steps, tiling, storage, json];
        Array.ForEach(all, command.Add);
        steps.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => int.TryParse(token.Value, out var count) && count < 1))
            {
                result.AddError("--steps takes a number above 0.");
            }
        });
        command.SetAction(parsed =>
        {
            var networks = SpeedFamily.Find(parsed.GetRequiredValue(family));
            var result = SpeedBench.Run(
                networks,
                Check(PaintCommand.ParseSize(parsed.GetValue(size)) ?? networks.Size, networks),
                parsed.GetValue(steps),
                StorageOption.Read(parsed.GetRequiredValue(storage)),
                parsed.GetValue(tiling));
            Console.WriteLine(parsed.GetValue(json) ? SpeedReport.Json(result) : SpeedReport.Text(result));
        });
        return command;
    }

    private static PixelSize Check(PixelSize size, SpeedFamily family)
    {
        var (width, height, factor) = (size.Width, size.Height, family.Vae.Factor);
        return width >= factor && height >= factor && width % factor == 0 && height % factor == 0 && Math.Max(width, height) <= Largest
            ? size
            : throw new InvalidRequestException("--size", $"{size} cannot be measured; give multiples of {factor} up to {Largest} pixels.");
    }
}
