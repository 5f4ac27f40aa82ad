using System.CommandLine;
using Dramatis.Cli.Usage;
using Dramatis.Toybox;
using Dramatis.Training.Subjects;
using Dramatis.Training.Toybox;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis toybox groups</c>: makes groups of pictures of the subject bank.</summary>
internal static class ToyboxGroupsCommand
{
    private const int UsualReferences = 4;
    private const int MostReferences = 16;

    public static Command Create()
    {
        var data = ToyboxCommand.Bank();
        var output = new Option<string>("--output", "-o") { Description = "Folder for the groups.", Required = true };
        var count = new Option<int>("--count") { Description = $"Groups; {SceneGroups.OfTopic} each share the same.", DefaultValueFactory = _ => 4000 };
        var references = new Option<int>("--references") { Description = $"Pictures of a group beside the target, 1 to {MostReferences}.", DefaultValueFactory = _ => UsualReferences };
        var share = new Option<GroupKind[]>("--share")
        {
            Description = "What the pictures of a group have in common, in turn: style, subject, drawn (a subject that others drew), scene. All when not given.",
            AllowMultipleArgumentsPerToken = true,
        };
        var heldOut = new Option<bool>("--held-out-subjects") { Description = "Show the subjects that no training has seen." };
        var side = UsualOptions.SceneSide("those of 256 are lit.");
        var seed = UsualOptions.Seed();
        share.AcceptOnlyFromAmong([.. GroupKinds.Names]);
        count.Require(NumberRule.Above(0));
        references.Require<int>(value => value is >= 1 and <= MostReferences, $"takes a number from 1 to {MostReferences}");
        var command = new GroupedCommand(
            "groups",
            """
            Draws groups of pictures that share a style, a subject or a scene, as 'dramatis train easyref' and 'dramatis bench mrbench --build' take them.

            Example: dramatis toybox groups --data bench/toybox --count 16 -o groups
            """);
        command.Add("Groups", data, count, references, share, heldOut, side);
        command.Add("Run", output, seed);
        command.SetAction((parsed, cancellationToken) =>
        {
            var groups = new SceneGroups(
                SubjectBank.Load(parsed.GetRequiredValue(data)), parsed.GetValue(seed), parsed.GetValue(heldOut) ? SubjectSplit.HeldOut : SubjectSplit.Seen,
                parsed.GetValue(share) is [_, ..] kinds ? [.. kinds.Distinct()] : null, parsed.GetValue(side));
            var file = groups.Write(parsed.GetRequiredValue(output), parsed.GetValue(count), parsed.GetValue(references), cancellationToken);
            Console.WriteLine($"{parsed.GetValue(count)} groups in {file}");
            return Task.FromResult(0);
        });
        return command;
    }
}
