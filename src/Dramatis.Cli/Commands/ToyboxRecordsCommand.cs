using System.CommandLine;
using Dramatis.Toybox;
using Dramatis.Training.Subjects;
using Dramatis.Training.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis toybox records</c>: makes a data set of records of the subject bank.</summary>
internal static class ToyboxRecordsCommand
{
    public static Command Create()
    {
        var data = ToyboxCommand.Bank();
        var output = new Option<string>("--output", "-o") { Description = "Folder for the records.", Required = true };
        var count = new Option<int>("--count") { Description = "Records, each one scene.", DefaultValueFactory = _ => 6000 };
        var seed = UsualOptions.Seed();
        var side = UsualOptions.SceneSide("those of 256 are lit, and their references larger.");
        count.Require(NumberRule.Above(0));
        var command = new Command(
            "records",
            """
            Draws scenes with their subjects, places and references, as records that 'dramatis train' takes.

            Example: dramatis toybox records --data bench/toybox --count 16 -o records
            """)
        {
            data,
            output,
            count,
            side,
            seed,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var bank = SubjectBank.Load(parsed.GetRequiredValue(data));
            var records = new SceneRecords(bank, parsed.GetValue(seed), parsed.GetValue(side));
            Console.WriteLine(
                $"{parsed.GetValue(count)} records in {records.Write(parsed.GetRequiredValue(output), parsed.GetValue(count), cancellationToken)}");
            return Task.FromResult(0);
        });
        return command;
    }
}
