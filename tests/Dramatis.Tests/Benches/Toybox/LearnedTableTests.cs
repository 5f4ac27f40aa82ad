using Dramatis.Benches.Toybox;
using Dramatis.Errors;
using Dramatis.Toybox.Judging;

namespace Dramatis.Tests.Benches.Toybox;

public sealed class LearnedTableTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-");

    private string Table => Path.Combine(folder.FullName, "learned.json");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Rows_of_several_methods_stand_by_number_and_name()
    {
        LearnedTable.Add(Table, Row("lora", 2));
        LearnedTable.Add(Table, Row("lora", 1));
        LearnedTable.Add(Table, Row("cones2", 2));

        Assert.Equal([("lora", 1), ("cones2", 2), ("lora", 2)], LearnedTable.Read(Table).Select(row => (row.Method, row.Together)));
    }

    [Fact]
    public void A_row_that_was_measured_again_takes_the_place_of_the_old_one()
    {
        LearnedTable.Add(Table, Row("lora", 1));
        var better = Row("lora", 1) with { Leak = new(.125, .1, .2) };

        LearnedTable.Add(Table, better);

        Assert.Equal([better], LearnedTable.Read(Table));
    }

    // Each subject is learned on its own: n of them cost n times one.
    [Fact]
    public void Time_and_bytes_are_those_of_all_subjects_in_a_picture()
    {
        var none = default(Interval);
        var figures = new ToyboxFigures { Crops = 3, Scene = none, RightSubject = none, SubjectError = none, Leak = none };

        var row = LearnedRow.Of("cones2", 3, figures, pictures: 1, seconds: 300, bytes: 14_298);

        Assert.Equal((300, 14_298), (row.Seconds, row.Bytes));
        Assert.Contains("| 3 | cones2 | .000 [.000, .000] |", LearnedTable.Text([row]), StringComparison.Ordinal);
        Assert.EndsWith("| 300 | 1 | 14,298 |", LearnedTable.Text([row]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_is_so_many_times_as_fast_as_the_slowest_for_as_many_subjects()
    {
        LearnedRow[] rows = [Row("dreambooth", 2), Row("ms-diffusion", 2) with { Seconds = .0125 }, Row("lora", 1)];

        var lines = LearnedTable.Text(rows).Split('\n');

        Assert.Contains("| 0.013 | 4,800 |", lines[3], StringComparison.Ordinal);
        Assert.Contains("| 60 | 1 |", lines[2], StringComparison.Ordinal);
        Assert.Contains("| 60 | 1 |", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void No_table_is_an_empty_one_and_a_damaged_one_is_named()
    {
        Assert.Empty(LearnedTable.Read(Table));
        File.WriteAllText(Table, "[{");

        Assert.Contains("learned.json", Assert.Throws<InvalidDataSetException>(() => LearnedTable.Read(Table)).Message, StringComparison.Ordinal);
    }

    private static LearnedRow Row(string method, int together) => new(
        method, together, 32, new(.5, .4, .6), new(.25, .2, .3), new(.1, .1, .1), default, 60, 4_766);
}
