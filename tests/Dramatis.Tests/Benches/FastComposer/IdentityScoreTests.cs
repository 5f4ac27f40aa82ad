using Dramatis.Benches.FastComposer;
using static TorchSharp.torch;

namespace Dramatis.Tests.Benches.FastComposer;

public sealed class IdentityScoreTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(.9f, .8f, .7f, .1f, .1f)]
    [InlineData(-.2f, -.3f, -.1f, -.4f, -.3f)]
    [InlineData(.5f, .5f, .5f, .5f, .5f)]
    public void The_most_alike_are_paired_first(float a, float b, float c, float d, float worst) =>
        Assert.Equal(worst, IdentityScore.Match(tensor([a, b, c, d]).view(2, 2)).Min(), tolerance: 1e-6);

    [Fact]
    public void A_score_is_that_of_the_person_who_is_kept_worst_and_never_below_zero()
    {
        var people = eye(2);

        Assert.Equal(1, IdentityScore.Of(people.flip(0), people, zeros(2)));
        Assert.Equal(0, IdentityScore.Of(-people, people, zeros(2)));
        Assert.Equal(0, IdentityScore.Of(-people, people));
        Assert.Equal(1, IdentityScore.Of(people, people));
    }

    [Fact]
    public void A_missing_face_is_what_the_network_sees_in_black()
    {
        var people = eye(2);

        Assert.Equal(0, IdentityScore.Of(zeros(0, 2), people));
        Assert.Equal(0, IdentityScore.Of(zeros(0, 2), people, ones(2)));
        Assert.Equal(.25, IdentityScore.Of(people[..1], people, tensor([.5f, .25f])), tolerance: 1e-6);
    }

    [Fact]
    public void Faces_beyond_the_people_do_not_count() => Assert.Equal(
        0, IdentityScore.Of(tensor([1f, 0, 1, 0, 0, 1]).view(3, 2), eye(2), zeros(2)));
}
