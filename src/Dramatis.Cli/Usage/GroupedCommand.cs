using System.CommandLine;

namespace Dramatis.Cli.Usage;

/// <summary>A command with so many options that its help shows them in groups.</summary>
internal sealed class GroupedCommand(string name, string description) : Command(name, description)
{
    private readonly List<(string Title, List<Option> Options)> groups = [];

    public IReadOnlyList<(string Title, List<Option> Options)> Groups => groups;

    /// <summary>Adds options to a group, which is shown in the order in which groups were begun.</summary>
    public void Add(string title, params IEnumerable<Option> options)
    {
        var at = groups.FindIndex(group => group.Title == title);
        if (at < 0)
        {
            at = groups.Count;
            groups.Add((title, []));
        }

        foreach (var option in options)
        {
            groups[at].Options.Add(option);
            Add(option);
        }
    }
}
