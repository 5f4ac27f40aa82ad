using Dramatis.Requests;
using Dramatis.Training.IpAdapter;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.IpAdapter;

public sealed class IpReferencesTests
{
    private static readonly Box Left = new(0, 0, .5, 1);

    [Fact]
    public void Dropped_references_keep_their_places_and_show_nothing()
    {
        using var scope = NewDisposeScope();
        var casts = new[]
        {
            new IpCast(ones(2, 3), [Left, Left], IsDropped: false),
            new IpCast(2 * ones(1, 3), [Left], IsDropped: true),
            new IpCast(3 * ones(1, 3), [Left], IsDropped: false),
        };

        var references = IpReferences.Of(zeros(1, 3), casts, side: 8);

        Assert.Equal([0, 1, 1, 3], references.Features.select(1, 0).data<float>().ToArray());
        Assert.Equal([1, 0, 3], references.Slots[0].Pictures.data<long>().ToArray());
        Assert.Equal([2, 0, 0], references.Slots[1].Pictures.data<long>().ToArray());
        Assert.Equal([true, true, true], references.Slots[0].Regions!.Select(region => region is not null));
        Assert.Equal([true, false, false], references.Slots[1].Regions!.Select(region => region is not null));
    }

    [Fact]
    public void Samples_without_subjects_still_have_a_slot_so_that_all_weights_get_gradients()
    {
        using var scope = NewDisposeScope();

        var references = IpReferences.Of(zeros(1, 3), [new IpCast(empty(0, 3), [], IsDropped: false)], side: 8);

        Assert.Null(Assert.Single(Assert.Single(references.Slots).Regions!));
    }
}
