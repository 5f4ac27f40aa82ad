using Dramatis.Server.Queue;
using Dramatis.Server.Storage;

namespace Dramatis.Server.Tests.Queue;

public sealed class JobOrderTests
{
    [Fact]
    public void Owners_take_turns_however_many_jobs_one_has() =>
        Assert.Equal(["a1", "b4", "a2", "b5", "a3", "a6"], Taken(Of("a", 1), Of("a", 2), Of("a", 3), Of("b", 4), Of("b", 5), Of("a", 6)));

    [Fact]
    public void Among_one_owner_s_the_highest_priority_comes_first_and_then_the_oldest() =>
        Assert.Equal(["a3", "a1", "a2", "a4"], Taken(Of("a", 1), Of("a", 2), Of("a", 3, priority: 5), Of("a", 4, priority: -1)));

    [Fact]
    public void Priority_gets_nobody_before_another_owner_s_turn() =>
        Assert.Equal(["a1", "b2", "b3"], Taken(Of("a", 1), Of("b", 2, priority: 9), Of("b", 3, priority: 9)));

    [Fact]
    public void What_a_painter_holds_already_goes_before_its_equals()
    {
        var order = Order(Of("a", 1, holds: "x"), Of("a", 2, holds: "y"), Of("a", 3, priority: -1, holds: "y"));

        Assert.Equal("a2", order.Take("y")!.Id);
        Assert.Equal("a1", order.Take("y")!.Id);    // the other is no equal
    }

    [Fact]
    public void Nobody_is_passed_more_than_ten_times()
    {
        var order = Order([Of("a", 1, holds: "x"), .. Enumerable.Range(2, 20).Select(i => Of("a", i, holds: "y"))]);

        var taken = Enumerable.Range(0, 21).Select(_ => order.Take("y")!.Id).ToList();

        Assert.Equal(10, taken.IndexOf("a1"));
    }

    [Fact]
    public void What_comes_and_goes_while_the_database_is_asked_is_not_forgotten()
    {
        var order = Order(Of("a", 1), Of("a", 2));

        order.Expect();
        order.Add(Of("a", 3));
        order.Take(null);
        order.Reset([Of("a", 1), Of("a", 2)]);    // read before either

        Assert.Equal("a2", order.Take(null)!.Id);
        Assert.Equal("a3", order.Take(null)!.Id);
        Assert.Null(order.Take(null));
    }

    [Fact]
    public void A_place_in_line_is_when_it_is_taken()
    {
        QueuedJob[] jobs = [Of("a", 1), Of("a", 2), Of("b", 3), Of("c", 4), Of("b", 5, priority: 1), Of("a", 6)];
        var order = Order(jobs);
        order.Take(null);
        var places = jobs.Select(job => (job.Id, order.PlaceOf(job.Id))).Where(item => item.Item2 is not null).OrderBy(item => item.Item2).Select(item => item.Id);

        Assert.Equal(places.ToList(), [.. Enumerable.Range(0, 5).Select(_ => order.Take(null)!.Id)]);
    }

    private static QueuedJob Of(string owner, int number, int priority = 0, string holds = "") => new($"{owner}{number}", owner, priority, holds);

    // Ids are in the order of time as those of jobs are, whoever's they are.
    private static JobOrder Order(params QueuedJob[] jobs)
    {
        var order = new JobOrder();
        Array.ForEach(jobs, order.Add);
        return order;
    }

    private static List<string> Taken(params QueuedJob[] jobs)
    {
        var order = Order(jobs);
        return [.. jobs.Select(_ => order.Take(null)!.Id)];
    }
}
