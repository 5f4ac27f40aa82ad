using System.CommandLine;
using Dramatis.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis toybox data</c>: makes the subject bank that Toybox is trained on.</summary>
internal static class ToyboxCommand
{
    // The packages have 256 pixels a picture.
    private const int SmallestSide = 32;
    private const int LargestSide = 256;
    private const int MostFrames = 8;

    public static Command Create() => new(
        "toybox",
        """
        Makes what the embedded model is trained on.

        Example: dramatis toybox data -o ~/toybox-data    # needs npm and the network
        """)
    {
        Data(),
        ToyboxPackCommand.Create(),
        ToyboxRecordsCommand.Create(),
        ToyboxGroupsCommand.Create(),
    };

    /// <summary>The bank that another command draws from.</summary>
    public static Option<string> Bank() => new("--data") { Description = "Folder of the bank that dramatis toybox data made.", Required = true };

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
        var frames = new Option<int>("--frames") { Description = "Frames of each subject that moves, from further packages of 700 MB." };
        frames.Require<int>(value => value is >= 0 and <= MostFrames, $"takes a number from 0 to {MostFrames}");
        var command = new Command(
            "data",
            """
            Builds the subject bank from pinned npm packages.

            Example: dramatis toybox data -o ~/toybox-data    # needs npm and the network
            """)
        {
            output,
            packages,
            side,
            frames,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            var archives = parsed.GetValue(packages) ?? Path.Combine(folder, "packages");
            var moving = parsed.GetValue(frames);
            foreach (var package in moving > 0 ? BankBuilder.Packages.Concat(FramesBuilder.Packages) : BankBuilder.Packages)
            {
                Console.Error.WriteLine($"{package.Name} {package.Version}");
                package.Fetch(archives);
            }

            Console.WriteLine($"{BankBuilder.Build(archives, folder, parsed.GetValue(side))} subjects in {folder}");
            if (moving > 0)
            {
                Console.WriteLine($"{FramesBuilder.Build(archives, folder, parsed.GetValue(side), moving)} frames in {folder}");
            }

        });
        return command;
    }
}
