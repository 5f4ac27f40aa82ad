using System.CommandLine;
using Dramatis.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis toybox pack</c>: makes the small bank that benches run on.</summary>
internal static class ToyboxPackCommand
{

    public static Command Create()
    {
        var data = ToyboxCommand.Bank();
        var output = new Option<string>("--output", "-o") { Description = "Folder for the small bank.", Required = true };
        var command = new Command(
            "pack",
            $"""
            Writes a small bank of the subjects held out of training and of the {SubjectBank.CommonNames} with common names, for benches.

            Example: dramatis toybox pack --data ~/toybox-data -o runs/bank    # needs that data
            """)
        {
            data,
            output,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            var count = SubjectBank.Load(parsed.GetRequiredValue(data)).SaveCompact(folder);
            Console.WriteLine($"{count} subjects in {folder}");
        });
        return command;
    }
}
