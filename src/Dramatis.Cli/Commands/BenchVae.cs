using System.CommandLine;
using Dramatis.Benches.Toybox;
using Dramatis.Cli.Host;
using Dramatis.Cli.Usage;
using Dramatis.Pictures;
using Dramatis.Toybox;
using Dramatis.Training.Subjects;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis bench vae</c>.</summary>
internal static class BenchVae
{
    private const int SmallestSide = 64;
    private const int LargestSide = 512;
    private const string Plain = "plain";
    private const string Lit = "lit";

    public static Command Create()
    {
        var model = new Option<string>("--model")
        {
            Description = "A name of 'dramatis models', or a folder with vae/.",
            DefaultValueFactory = _ => ModelCatalog.Embedded,
        };
        var data = UsualOptions.Bank();
        var scenes = new Option<int>("--scenes") { Description = "How many.", DefaultValueFactory = _ => 64 };
        var side = new Option<int>("--side") { Description = "Pixels of a scene, square.", DefaultValueFactory = _ => SceneMaker.Side };
        var style = new Option<string>("--style") { Description = $"How scenes look: {Plain} or {Lit}.", DefaultValueFactory = _ => Plain };
        var seed = UsualOptions.Seed("Of the scenes.");
        var output = new Option<string?>("--output", "-o") { Description = "PNG, JPEG or WebP with the scenes beside what came back." };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        scenes.Require(NumberRule.Above(0));
        side.Require<int>(
            value => value is >= SmallestSide and <= LargestSide && value % 16 == 0, $"takes a multiple of 16 from {SmallestSide} to {LargestSide}");
        style.AcceptOnlyFromAmong(Plain, Lit);
        var command = new GroupedCommand(
            "vae",
            """
            Has an autoencoder rebuild scenes of subjects held out of training, and counts what is lost.

            Example: dramatis bench vae --side 256 --scenes 8 -o rebuilt.png
            """);
        command.Add("Scenes", data, scenes, side, style, seed);
        command.Add("Run", model, output, json);
        command.SetAction((parsed, cancellationToken) =>
        {
            using var vae = ModelFolder.LoadVae(ModelPart.Open(Path.Combine(Models.Open().Locate(parsed.GetValue(model)), ModelNetwork.Vae.Name())));
            if (parsed.GetValue(output) is { } file)
            {
                PictureFormats.OfPath(file);    // before long work is done for nothing
            }

            var options = (parsed.GetValue(style) == Lit ? SceneOptions.Lit : new()) with { Side = parsed.GetValue(side) };
            var bench = new AutoencoderBench(SubjectBank.Load(parsed.GetRequiredValue(data)), options, parsed.GetValue(seed));
            var (figures, sheet) = bench.Run(vae, parsed.GetValue(scenes), cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? AutoencoderBench.Json(figures) : figures);
            if (parsed.GetValue(output) is { } path)
            {
                PictureWriter.Write(path, sheet);
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
