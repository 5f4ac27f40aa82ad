using Dramatis.Benches.Service;
using Dramatis.Server.Settings;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Benches;

/// <summary>The service's bench with few of everything, and with painters that paint nothing. Times of a busy machine are not judged.</summary>
[Slow]
public sealed class ServiceBenchTests
{
    private static readonly ServiceBenchOptions Few = new()
    {
        Program = [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", typeof(ServiceSettings).Assembly.Location],
        Rounds = 4,
        Pictures = 20,
        Cancels = 3,
        Queue = 3,
        Jobs = 5,
        Rehearse = true,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_killed_accepted_jobs_end_once()
    {
        Assert.SkipWhen(PostgresServer.Programs is null, "PostgreSQL is not there");

        var findings = await new FaultBench(Few).RunAsync(Stop);

        Assert.Equal(5, findings.Count);
        Assert.All(findings.Take(4), finding => Assert.True(finding.Holds is not false, $"{finding}"));
        Assert.DoesNotContain(findings, finding => finding.What == "jobs accepted, ended well" && finding.Value == "0, 0");
    }

    [Fact]
    public async Task Too_many_clients_are_told_when_to_come_again()
    {
        var findings = await new CapacityBench(Few).RunAsync(Stop);

        Assert.Equal(3, findings.Count);
        Assert.DoesNotContain(", 0", findings[0].Value, StringComparison.Ordinal);    // some are done, some refused
    }

    [Fact]
    public async Task What_is_added_to_a_picture_is_told_for_each_count_of_clients() =>
        Assert.Equal(["1", "10", "100"], (await new OverheadBench(Few).RunAsync(Stop)).Select(finding => finding.What.Split(' ')[0]));

    [Fact]
    public async Task Memory_and_open_files_of_both_processes_are_looked_at() =>
        Assert.Equal(["API", "painter", "API", "painter"], (await new SoakBench(Few).RunAsync(Stop)).Select(finding => finding.What.Split(':')[0]));

    [Fact]
    public async Task Jobs_are_cancelled_while_they_run() => Assert.Matches("^[1-3] of 3", Assert.Single(await new CancelBench(Few).RunAsync(Stop)).What);
}
