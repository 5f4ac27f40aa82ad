using Dramatis.Tensors;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Where each token of a conversation stands, for the rotary embedding of Qwen2-VL's language model.</summary>
/// <param name="Time">Of text, the place in the text; one for all of a picture.</param>
/// <param name="Down">As the time, and in a picture the row besides.</param>
/// <param name="Across">As the time, and in a picture the column besides.</param>
internal sealed record QwenPositions(IReadOnlyList<int> Time, IReadOnlyList<int> Down, IReadOnlyList<int> Across)
{
    /// <summary>What comes after all of these: the largest and one more.</summary>
    public int Next => Time.Count == 0 ? 0 : Math.Max(Time.Max(), Math.Max(Down.Max(), Across.Max())) + 1;

    /// <summary>A running number, the same on all three axes.</summary>
    public static QwenPositions Plain(int tokens)
    {
        int[] places = [.. Enumerable.Range(0, tokens)];
        return new(places, places, places);
    }

    /// <summary>Multimodal positions (Qwen2-VL, arXiv 2409.12191, section 2.1): a picture takes as much room as its longer side is long.</summary>
    /// <param name="ids">Of one text, without padding.</param>
    /// <param name="pictureId">Stands where a picture's tokens go.</param>
    /// <param name="pictures">Tokens across and down of each picture: its patches, merged.</param>
    public static QwenPositions Multimodal(IReadOnlyList<int> ids, int pictureId, IReadOnlyList<Grid> pictures)
    {
        var (time, down, across) = (new List<int>(), new List<int>(), new List<int>());
        var (next, picture) = (0, 0);
        for (var i = 0; i < ids.Count;)
        {
            var grid = ids[i] == pictureId ? pictures[picture++] : new(1, 1);
            for (var cell = 0; cell < grid.Cells; cell++)
            {
                time.Add(next);
                down.Add(next + (cell / grid.Width));
                across.Add(next + (cell % grid.Width));
            }

            next += Math.Max(grid.Width, grid.Height);
            i += grid.Cells;
        }

        return new(time, down, across);
    }
}
