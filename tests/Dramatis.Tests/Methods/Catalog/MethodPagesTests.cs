using Dramatis.Methods;
using Dramatis.Methods.Catalog;

namespace Dramatis.Tests.Methods.Catalog;

/// <summary>The pages of methods and the table of <c>docs/request.md</c> against what methods declare.</summary>
public sealed class MethodPagesTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "request.md"));

    private static readonly (string What, MethodReads Flag)[] Rows =
    [
        ("several `references`", MethodReads.SeveralReferences),
        ("`reference_masks`", MethodReads.ReferenceMasks),
        ("`start`, `end`", MethodReads.Window),
        ("all of a `place` that is a mask, not the box around it", MethodReads.PlaceMask),
        ("a place found where none is given", MethodReads.FoundPlaces),
        ("`layout`: `mode` `auto`, `threshold`, `start_step`", MethodReads.AutoLayout),
        ("`layout`: `mode` `whole`", MethodReads.WholeLayout),
        ("`layout`: `grounding`", MethodReads.Grounding),
        ("`layout`: `binding`", MethodReads.Binding),
        ("`layout`: `compat`", MethodReads.Compat),
        ("`sees_subjects` of a control", MethodReads.SeesSubjects),
        ("the request's `instruction`", MethodReads.Instruction),
        ("the request's `references`", MethodReads.Group),
        ("words alone, on a model with a prior", MethodReads.Words),
    ];

    [Fact]
    public void Each_row_says_what_methods_read() => Assert.All(Rows, row => AssertRow(row.What, method => YesOrNo(method.Reads.HasFlag(row.Flag))));

    [Fact]
    public void Every_flag_has_a_row() =>
        Assert.Equal(
            Enum.GetValues<MethodReads>().Except([MethodReads.None, MethodReads.Place, MethodReads.BoundPlace]), Rows.Select(row => row.Flag));

    [Fact]
    public void Rows_say_what_subjects_bring_and_who_reads_places_and_layout_files()
    {
        AssertRow("what", method => $"`{method.Name}`");
        AssertRow("each subject brings", method => method.Needs == SubjectNeeds.References ? "`references`" : "a learned file");
        AssertRow("`place`", method => method.Reads.HasFlag(MethodReads.BoundPlace) ? "with a `binding`" : YesOrNo(method.Reads.HasFlag(MethodReads.Place)));
        AssertRow("`layout`: `file`", method => YesOrNo(method.LayoutFiles is not null));
    }

    [Fact]
    public void Every_method_has_a_page_that_leads_to_the_table() => Assert.All(
        MethodCatalog.All,
        method => Assert.Contains("(../request.md#what-methods-read)", File.ReadAllText(Repository.PathOf("docs", "methods", $"{method.Name}.md")),
            StringComparison.Ordinal));

    private static string YesOrNo(bool isRead) => isRead ? "yes" : "no";

    private static void AssertRow(string what, Func<Method, string> cell) =>
        Assert.Contains($"\n| {what} | {string.Join(" | ", MethodCatalog.All.Select(cell))} |\n", Page, StringComparison.Ordinal);
}
