using System.Globalization;
using System.Text.RegularExpressions;
using Dramatis.Requests;
using Dramatis.Training.Learned;
using Dramatis.Training.Subjects;

namespace Dramatis.Tests.Training.Learned;

/// <summary><c>docs/learning.md</c> against the reader of orders and the catalogue.</summary>
public sealed partial class LearningPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "learning.md"));

    public static TheoryData<string> Methods => [.. LearnedMethods.All.Select(method => method.Name)];

    [Fact]
    public void Every_order_on_the_page_is_one_and_the_first_is_the_sample()
    {
        var orders = JsonBlocks().Matches(Page).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(2, orders.Count);
        Assert.Equal(File.ReadAllText(Repository.PathOf("samples", "orders", "learn.json")), orders[0]);
        Assert.All(orders, order => LearnRules.Check(LearnRequestJson.Parse(order, "orders") with { Output = "runs" }));
    }

    [Theory]
    [InlineData(typeof(LearnRequest), "## The request")]
    [InlineData(typeof(LearnSubject), "### A subject")]
    public void The_page_says_of_each_field_what_holds(Type record, string heading)
    {
        var usual = Activator.CreateInstance(record)!;

        Assert.All(RequestField.Of(record), field => Holds(field, usual, Row(heading, $"`{field.Name}`")[1..]));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_page_says_how_a_method_usually_learns(string name)
    {
        var method = LearnedMethods.Find(name);
        var cells = Row("## Methods", $"[`{name}`](methods/{name}.md)");

        Assert.Equal(
            [method.Usual.Steps, method.Usual.LearningRate, method.Usual.Batch],
            cells[1..4].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
        Assert.Equal(method.Usual.Prior?.ToString(CultureInfo.InvariantCulture) ?? "–", cells[4]);
        Assert.Equal(method.LearnsSeveral ? "several" : "one", cells[5]);
        Assert.Contains(method.UsualWord(0, "KIND") ?? "–", cells[6], StringComparison.Ordinal);
        Assert.Equal(method.InitializerHelp is null, cells[7] == "–");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_page_says_of_each_setting_what_holds(string name)
    {
        var method = LearnedMethods.Find(name);
        var usual = method.SettingsOf(new Dictionary<string, object>());

        Assert.All(RequestField.Of(method.SettingsType), field => Holds(field, usual, Row("### Settings", $"`{name}` | `{field.Name}`")[2..]));
    }

    // Cells: type, default, range.
    private static void Holds(RequestField field, object usual, string[] cells)
    {
        Assert.Contains(DefaultOf(field, usual), cells[1], StringComparison.Ordinal);
        Assert.Contains(RangeOf(field.Said), cells[2], StringComparison.Ordinal);
    }

    private static string[] Row(string heading, string start)
    {
        var section = Page.Split($"{heading}\n")[1].Split("\n#")[0];
        var row = section.Split('\n').Single(line => line.StartsWith($"| {start} |", StringComparison.Ordinal));
        return [.. row.Trim('|', ' ').Split(" | ")];
    }

    private static string DefaultOf(RequestField field, object usual) => field.Get(usual) switch
    {
        _ when field.IsRequired => "required",
        bool value => value ? "true" : "false",
        Enum value => $"`{value.ToString().ToLowerInvariant()}`",
        IReadOnlyList<string> texts => $"[{string.Join(", ", texts.Select(text => $"\"{text}\""))}]",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string RangeOf(FieldAttribute said) =>
        double.IsFinite(said.Least) ? string.Create(CultureInfo.InvariantCulture, $"from {said.Least}")
        : double.IsFinite(said.Above) ? string.Create(CultureInfo.InvariantCulture, $"above {said.Above}")
        : "";

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlocks();
}
