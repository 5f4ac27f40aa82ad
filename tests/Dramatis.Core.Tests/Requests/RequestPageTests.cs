using System.Globalization;
using System.Text.RegularExpressions;
using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

/// <summary><c>docs/request.md</c> against the reader of orders.</summary>
public sealed partial class RequestPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(GoldenFolder.Of(""), "..", "..", "docs", "request.md"));

    [Fact]
    public void Every_order_on_the_page_is_one()
    {
        var orders = JsonBlocks().Matches(Page).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(4, orders.Count);
        Assert.All(orders, order => RequestJson.Parse(order, "orders").Validate());
    }

    // The reader names all fields that it knows when it meets another.
    [Theory]
    [InlineData("""{ "prompt": "a", "other": 1 }""")]
    [InlineData("""{ "prompt": "a", "subjects": [ { "phrase": "a", "other": 1 } ] }""")]
    [InlineData("""{ "prompt": "a", "controls": [ { "model": "a", "picture": "a", "other": 1 } ] }""")]
    [InlineData("""{ "prompt": "a", "loras": [ { "file": "a", "other": 1 } ] }""")]
    [InlineData("""{ "prompt": "a", "frame": { "other": 1 } }""")]
    [InlineData("""{ "prompt": "a", "layout": { "other": 1 } }""")]
    public void Every_field_that_the_reader_knows_is_on_the_page(string order)
    {
        var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Parse(order, "orders"));

        Assert.All(error.Message.TrimEnd('.').Split("there is ")[1].Split(", "), field => Assert.Contains($"`{field}`", Page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(GenerationRequest), "## The request")]
    [InlineData(typeof(Subject), "### A subject")]
    [InlineData(typeof(Control), "### A control")]
    [InlineData(typeof(Lora), "### A LoRA")]
    [InlineData(typeof(LayoutOptions), "### Layout")]
    public void The_page_says_of_each_field_what_holds(Type record, string heading)
    {
        var section = Page.Split($"{heading}\n")[1].Split("\n#")[0];
        var usual = Activator.CreateInstance(record)!;

        Assert.All(RequestField.Of(record), field =>
        {
            var cells = section.Split('\n').Single(line => line.StartsWith("| ", StringComparison.Ordinal)
                && line.Split('|')[1].Contains($"`{field.Name}`", StringComparison.Ordinal)).Split('|');
            Assert.Contains(DefaultOf(field, usual), cells[3], StringComparison.Ordinal);
            Assert.Contains(RangeOf(field.Said), cells[4], StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_page_says_what_models_choose_that_say_nothing()
    {
        var usual = new GenerationDefaults { Size = default };

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{usual.Steps} steps, guidance {usual.Guidance} and"), Page, StringComparison.Ordinal);
    }

    private static string DefaultOf(RequestField field, object usual) => field.Get(usual) switch
    {
        _ when field.IsRequired => "required",
        bool value => value ? "true" : "false",
        IFormattable value and (int or ulong or double) => value.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string RangeOf(FieldAttribute said)
    {
        var least = double.IsFinite(said.Least) ? string.Create(CultureInfo.InvariantCulture, $"{said.Least} ") : "";
        var most = double.IsFinite(said.Most) ? $"to {said.Most.ToString(said.Most < 10_000 ? "0" : "#,0", CultureInfo.InvariantCulture)}" : "";
        return least + most;
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlocks();
}
