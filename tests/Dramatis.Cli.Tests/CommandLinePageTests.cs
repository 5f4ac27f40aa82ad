using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Dramatis.Cli.Host;

namespace Dramatis.Cli.Tests;

/// <summary><c>docs/command-line.md</c> against the commands.</summary>
public sealed class CommandLinePageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(ShippedFolder.Find("docs"), "command-line.md"));

    [Theory]
    [MemberData(nameof(HelpTests.Commands), MemberType = typeof(HelpTests))]
    public void Every_option_stands_in_the_section_of_its_command(string path)
    {
        var names = path.Split(' ')[1..];
        var command = names.Aggregate(CommandLine.Create(), (parent, name) => parent.Subcommands.Single(child => child.Name == name));
        var section = names.Length == 0 ? Page : Section(names[0]);

        Assert.All(command.Options.Where(option => option is not (HelpOption or VersionOption)),
            option => Assert.Matches($@"(?<![\w-]){option.Name}(?![\w-])", section));
    }

    [Fact]
    public void Every_example_is_no_mistake()
    {
        var examples = Page.Split('\n').Where(line => line.StartsWith("dramatis ", StringComparison.Ordinal)
            && !line.Contains(" STAGE ", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(
            CommandLine.Create().Parse(CommandLineParser.SplitCommandLine(example.Split("    #")[0]).Skip(1).ToList()).Errors));
    }

    private static string Section(string command) => Regex.Match(Page, $@"^## {command}$.*?(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)
        .Value;
}
