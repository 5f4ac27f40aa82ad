namespace Dramatis.Conditioning;

/// <summary>Sets of image tokens, each of which acts by itself: what their branches add is summed.</summary>
internal sealed class ImageTokenSession : ConditioningSession
{
    private readonly IReadOnlyList<ImageBranch> branches;

    public ImageTokenSession(params IReadOnlyList<ImageTokens> sets) => branches = [.. sets.Select(set => new ImageBranch(set, Own))];

    public override AttentionBranch? BranchAt(AttentionCall call) => ImageBranch.Sum(branches.Select(branch => branch.At(call)));
}
