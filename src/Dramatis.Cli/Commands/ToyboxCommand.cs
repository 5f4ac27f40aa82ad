using System.CommandLine;
using Dramatis.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis toybox data</c>: makes the subject bank that Toybox is trained on.</summary>
internal static class ToyboxCommand
{
    // The packages have 256 pixels a picture.
    private const int SmallestSide = 32;
    private const int LargestSide = 256;

    public static Command Create() => new(
        "toybox",
        """
        Makes what the embedded model is trained on.

        Example: dramatis toybox data -o ~/toybox-data
        """)
    {
        Data(),
        ToyboxPackCommand.Create(),
        ToyboxRecordsCommand.Create(),
    };

    private static Command Data()
    {
        var output = new Option<string>("--output", "-o") { Description = "Folder for the bank.", Required = true };
        var packages = new Option<string?>("--packages")
        {
            Description = "Folder with the npm archives; what is missing there is fetched with npm. Default: <output>/packages.",
        };
        var side = new Option<int>("--side")
        {
            Description = "Longer side of a picture in pixels.",
            DefaultValueFactory = _ => SubjectBank.PictureSide,
        };
        side.Require<int>(value => value is >= SmallestSide and <= LargestSide, $"takes a number from {SmallestSide} to {LargestSide}");
        var command = new Command(
            "data",
            """
            Builds the subject bank from pinned npm packages.

            Example: dramatis toybox data -o ~/toybox-data
            """)
        {
            output,
            packages,
            side,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            var archives = parsed.GetValue(packages) ?? Path.Combine(folder, "packages");
            foreach (var package in BankBuilder.Packages)
            {
                Console.Error.WriteLine($"{package.Name} {package.Version}");
                package.Fetch(archives);
            }

            Console.WriteLine($"{BankBuilder.Build(archives, folder, parsed.GetValue(side))} subjects in {folder}");
        });
        return command;
    }
}
