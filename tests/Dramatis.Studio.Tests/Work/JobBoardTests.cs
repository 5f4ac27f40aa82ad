using System.Reflection;
using System.Security.Claims;
using Dramatis.Requests;
using Dramatis.Studio.Service;
using Dramatis.Studio.Work;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dramatis.Studio.Tests.Work;

public sealed class JobBoardTests
{
    private readonly TaskCompletionSource answer = new();
    private readonly Slow workshop = Slow.New();

    [Fact]
    public async Task A_job_that_a_look_has_seen_before_its_own_answer_came_stands_there_once()
    {
        await using var board = await OpenAsync();
        workshop.Painting = answer.Task;

        var painting = board.PaintAsync(new() { Prompt = "a beach" });
        await board.LookAsync();
        answer.SetResult();
        await painting;

        Assert.Single(board.Recent);
        Assert.Equal(board.Recent[0].Id, board.Watched);
    }

    [Fact]
    public async Task A_look_from_before_a_job_does_not_take_it_away()
    {
        await using var board = await OpenAsync();
        workshop.Listing = answer.Task;

        var look = board.LookAsync();
        workshop.Listing = Task.CompletedTask;
        await board.PaintAsync(new() { Prompt = "a beach" });
        answer.SetResult();
        await look;

        Assert.Single(board.Recent);
    }

    private async Task<JobBoard> OpenAsync()
    {
        var session = new StudioSession(workshop, new Nobody());
        await session.OpenAsync();
        return new(session, NullLogger<JobBoard>.Instance);
    }

    private sealed class Nobody : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(new ClaimsPrincipal()));
    }
}

/// <summary>A workshop that takes its time with what a test says.</summary>
public class Slow : DispatchProxy, IWorkshops
{
    private StudioJob[] jobs = [];

    /// <summary>Until then a job that is kept already is not answered.</summary>
    public Task Painting { get; set; } = Task.CompletedTask;

    /// <summary>Until then a list that is read already is not answered.</summary>
    public Task Listing { get; set; } = Task.CompletedTask;

    public static Slow New() => (Slow)Create<IWorkshop, Slow>();

    public IWorkshop Of(string? user) => (IWorkshop)(object)this;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IWorkshop.PaintAsync) => PaintAsync((GenerationRequest)args![0]!),
        nameof(IWorkshop.JobsAsync) => ListAsync(),
        nameof(IWorkshop.FindJobAsync) => Task.FromResult(jobs.FirstOrDefault(job => job.Id == (string)args![0]!)),
        nameof(IWorkshop.FollowAsync) => Forever((CancellationToken)args![1]!),
        _ => throw new NotSupportedException(targetMethod.Name),
    };

    private async Task<StudioJob> PaintAsync(GenerationRequest request)
    {
        var job = new StudioJob("1", "me", "paint", "queued", 1, default, default, null, null, request, [], null, 0, false, null);
        jobs = [job];
        await Painting;
        return job;
    }

    private async Task<IReadOnlyList<StudioJob>> ListAsync()
    {
        var listed = jobs;
        await Listing;
        return listed;
    }

    private static async IAsyncEnumerable<JobNews> Forever([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        yield break;
    }
}
