using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Dramatis.Server.Queue;

/// <summary>A grain that lives on the silo whose address its key is.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnItsSiloAttribute() : PlacementAttribute(new OnItsSilo());

[Serializable, GenerateSerializer, Immutable]
internal sealed class OnItsSilo : PlacementStrategy;

/// <summary>Finds that silo, and says so when it has left.</summary>
internal sealed class OnItsSiloDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var wanted = SiloAddress.FromParsableString(target.GrainIdentity.Key.ToString()!);
        return context.GetCompatibleSilos(target).Contains(wanted)
            ? Task.FromResult(wanted)
            : throw new OrleansException($"The painter {wanted} has left.");
    }
}
