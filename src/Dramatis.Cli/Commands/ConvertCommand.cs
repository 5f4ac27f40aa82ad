using System.CommandLine;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis convert</c>: weights from one format to another.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE|FOLDER")
        {
            Description = "A file of weights, an index of shards, or a folder with one: what 'dramatis inspect' reads.",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = $"The file to write; its ending says the format: {string.Join(", ", WeightConversion.Endings)}.",
            Required = true,
        };
        var store = StoreOption.Create("as they are");
        var command = new Command(
            "convert",
            """
            Writes the same weights in another format: safetensors, or what torch.save writes, with the dictionaries that the published
            adapters have. Nothing in a file is ever executed.

            Example: dramatis convert models/toybox/adapters/ip-adapter -o ip-adapter.bin --store f16
            """)
        {
            path, output, store,
        };
        command.SetAction(parsed =>
        {
            using var archive = InspectCommand.Open(parsed.GetRequiredValue(path));
            WeightConversion.Convert(archive, parsed.GetRequiredValue(output), StoreOption.Read(parsed.GetValue(store)));
            Console.WriteLine(
                $"{parsed.GetRequiredValue(output)}: {archive.Tensors.Count} tensors, {new FileInfo(parsed.GetRequiredValue(output)).Length:N0} bytes");
        });
        return command;
    }
}
