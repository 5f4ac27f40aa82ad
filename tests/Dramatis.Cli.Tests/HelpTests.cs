using System.CommandLine;
using Dramatis.Cli.Usage;

namespace Dramatis.Cli.Tests;

/// <summary>What <c>--help</c> says of every command.</summary>
[Collection(CommandRun.Collection)]
public sealed class HelpTests
{
    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_explains_itself_with_an_example_that_is_no_mistake(string path)
    {
        var (code, help, error) = await CommandRun.Of([.. path.Split(' ')[1..], "--help"]);
        var examples = Examples.In(help);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Example", help, StringComparison.Ordinal);
        Assert.Contains(examples, example => example.StartsWith(path, StringComparison.Ordinal));
        Assert.All(examples, example => Assert.Empty(CommandLine.Create().Parse(Examples.Arguments(example)).Errors));
    }

    // As many as one takes in at a glance may stand in one list; those of the service are all of one kind, its settings.
    [Theory]
    [MemberData(nameof(Commands))]
    public void Many_options_are_shown_in_groups_each_in_one(string path)
    {
        const int Few = 7;
        var command = path.Split(' ')[1..].Aggregate(CommandLine.Create(), (parent, name) => parent.Subcommands.Single(child => child.Name == name));
        var groups = (command as GroupedCommand)?.Groups ?? [];

        Assert.True(path == "dramatis serve" || groups.Count > 1 || command.Options.Count(option => !option.Hidden) <= Few, $"{path} has {command.Options.Count} options");
        Assert.True(groups.Count == 0 || command.Options.Where(option => !option.Hidden).All(option => groups.Count(group => group.Options.Contains(option)) == 1), path);
    }

    [Fact]
    public void A_call_makes_the_command_that_it_names_alone() => Assert.All(
        CommandLine.Create().Subcommands,
        command =>
        {
            var only = Assert.Single(CommandLine.Create(command.Name).Subcommands);
            Assert.Equal((command.Name, command.Options.Count, command.Subcommands.Count), (only.Name, only.Options.Count, only.Subcommands.Count));
        });

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_argument_and_option_is_described(string path)
    {
        var command = path.Split(' ')[1..].Aggregate(CommandLine.Create(), (parent, name) => parent.Subcommands.Single(child => child.Name == name));

        Assert.All([.. command.Arguments, .. command.Options.Cast<Symbol>()],
            symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), symbol.Name));
    }

    public static TheoryData<string> Commands() => [.. Paths(CommandLine.Create(), "dramatis")];

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(child => Paths(child, $"{path} {child.Name}")).Prepend(path);
}
