using Dramatis.Requests;

namespace Dramatis.Server.Painting;

/// <summary>What a painter does with a job's request: events in order, pictures among them.</summary>
internal interface IPainting : IDisposable
{
    IAsyncEnumerable<GenerationEvent> PaintAsync(GenerationRequest request, CancellationToken cancellationToken);
}
