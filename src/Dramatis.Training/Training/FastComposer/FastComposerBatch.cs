using Dramatis.Methods.FastComposer;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Training.FastComposer;

/// <summary>What one step of a training sees, besides latents and noise. Its tensors belong to it.</summary>
/// <remarks>Shapes: B texts, L tokens, O subjects a text at most, R x R pixels of a reference, S x S of a mask, h x w cells.</remarks>
internal sealed class FastComposerBatch : OwnedTensors
{
    /// <summary>Token ids (B, L).</summary>
    public required Tensor Ids { get; init => field = Own(value); }

    /// <summary>True for the tokens that mean subjects (B, L).</summary>
    public required Tensor Words { get; init => field = Own(value); }

    /// <summary>References, colours from 0 to 1 (B, O, 3, R, R); those beyond a text's count are not read.</summary>
    public required Tensor Objects { get; init => field = Own(value); }

    /// <summary>Where subjects are (B, O, S, S), 0 or 1.</summary>
    public required Tensor Masks { get; init => field = Own(value); }

    /// <summary>Subjects of each text.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>The token of each subject (B, O), 0 for none.</summary>
    public Tensor Tokens => Own(tensor(Rows(Words.shape[1], (tokens, _) => tokens)).view(Counts.Count, -1));

    /// <summary>1 for a subject that is there, else 0 (B, O).</summary>
    public Tensor Valid => Own(tensor(Rows(Words.shape[1], (_, isThere) => isThere)).view(Counts.Count, -1).to(float32));

    /// <summary>The references that are there, as the encoder takes them (M, 3, S, S), by texts.</summary>
    public Tensor Shown(int side)
    {
        using var scope = NewDisposeScope();
        var there = cat([.. Counts.Select((count, row) => Objects[row].narrow(0, 0, count))]);
        return ObjectPixels.Normalise(there, side).MoveToOuterDisposeScope();
    }

    /// <summary>Where any subject is, on the latents' cells, softened (B, 1, h, w).</summary>
    public Tensor Union(long height, long width)
    {
        using var scope = NewDisposeScope();
        var all = Masks.sum(1, keepdim: true).clamp(max: 1);
        return functional.interpolate(all, [height, width], mode: InterpolationMode.Bilinear, align_corners: false).MoveToOuterDisposeScope();
    }

    private long[] Rows(long length, Func<long, long, long> of)
    {
        var marks = Words.to(int64).data<long>().ToArray();
        var slots = Masks.shape[1];
        return
        [
            .. Counts.Index().SelectMany(row =>
            {
                var places = Enumerable.Range(0, (int)length).Where(token => marks[(row.Index * length) + token] != 0).Take((int)slots)
                    .Select(token => (long)token).ToArray();
                return Enumerable.Range(0, (int)slots).Select(slot => slot < places.Length ? of(places[slot], 1) : 0);
            }),
        ];
    }
}
