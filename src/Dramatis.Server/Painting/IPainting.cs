using Dramatis.Requests;
using Dramatis.Training;
using Dramatis.Training.Subjects;

namespace Dramatis.Server.Painting;

/// <summary>What a painter does with requests: events in order.</summary>
internal interface IPainting : IDisposable
{
    /// <summary>Does what would otherwise keep the first request waiting. Before all others, if at all.</summary>
    Task WarmUpAsync();

    /// <summary>Paints; pictures are among the events.</summary>
    IAsyncEnumerable<GenerationEvent> PaintAsync(GenerationRequest request, CancellationToken cancellationToken);

    /// <summary>Learns into the request's folder, and goes on with what was begun there.</summary>
    IAsyncEnumerable<TrainingEvent> LearnAsync(LearnRequest request, CancellationToken cancellationToken);
}
