namespace Dramatis.Conditioning;

/// <summary>A prior for image tokens that stand for the cells of a picture: attention begins near the matching place.</summary>
/// <remarks>
/// Copying a subject takes two attention maps that are local at the same time: from token to patch of the reference, and from
/// cell of the picture to token. While either is uniform the other gets no gradient. This bias makes both local from the start.
/// </remarks>
/// <param name="Grid">Tokens along one side of a subject; it has Grid x Grid tokens, row by row.</param>
/// <param name="Beta">What the logit loses for each squared distance of one token's side.</param>
public sealed record Locality(int Grid, double Beta)
{
    public int Tokens => Grid * Grid;
}
