using System.CommandLine;
using Dramatis.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis toybox data</c>: makes the subject bank that Toybox is trained on.</summary>
internal static class ToyboxCommand
{
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
        var command = new Command(
            "data",
            """
            Builds the subject bank from pinned npm packages.

            Example: dramatis toybox data -o ~/toybox-data
            """)
        {
            output,
            packages,
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

            Console.WriteLine($"{BankBuilder.Build(archives, folder)} subjects in {folder}");
        });
        return command;
    }
}
