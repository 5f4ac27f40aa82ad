using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Networks.Qwen2Vl;

/// <summary>Rotary positions (Su et al., arXiv 2104.09864): what turns queries and keys by where they stand.</summary>
/// <remarks>The first half of a head turns with the second. Shapes: B batch, L positions, D head width, A = D / 2 angles.</remarks>
/// <param name="Cos">(1 or B, 1, L, D), single precision.</param>
/// <param name="Sin">(1 or B, 1, L, D), single precision.</param>
internal sealed record Rotation(Tensor Cos, Tensor Sin)
{
    private const double VisionBase = 1e4;

    /// <summary>Positions that count up, the same along all axes.</summary>
    /// <param name="start">The first of them.</param>
    public static Rotation Plain(Qwen2VlConfig config, int start, int count, Device device)
    {
        using var scope = NewDisposeScope();
        var places = arange(start, start + count, ScalarType.Float32, device);
        return Of(outer(places, Speeds(config.RotaryBase, config.HeadWidth, device)).unsqueeze(0)).MoveToOuterDisposeScope();
    }

    /// <summary>Positions in time, row and column (M-RoPE; Wang et al., arXiv 2409.12191, section 2.1).</summary>
    /// <param name="positions">(3, B, L).</param>
    public static Rotation Along(Qwen2VlConfig config, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to(ScalarType.Float32).unsqueeze(-1) * Speeds(config.RotaryBase, config.HeadWidth, positions.device);    // (3, B, L, A)
        var parts = angles.split([.. config.RotarySections.Select(size => (long)size)], dim: -1);
        return Of(cat([.. parts.Select((part, axis) => part[axis])], dim: -1)).MoveToOuterDisposeScope();
    }

    /// <summary>The angles (N, A) of a picture's patches: half of them by the row, half by the column.</summary>
    /// <remarks>Patches come in squares, those that become one token after another.</remarks>
    public static Tensor AnglesOf(VisionTowerConfig config, Grid grid, Device device)
    {
        using var scope = NewDisposeScope();
        var rows = arange(grid.Height, ScalarType.Float32, device).unsqueeze(1).expand(grid.Height, grid.Width);
        var columns = arange(grid.Width, ScalarType.Float32, device).unsqueeze(0).expand(grid.Height, grid.Width);
        var speeds = Speeds(VisionBase, config.HeadWidth / 2, device);
        return cat([outer(InSquares(rows), speeds), outer(InSquares(columns), speeds)], dim: -1).MoveToOuterDisposeScope();

        Tensor InSquares(Tensor places) =>
            places.reshape(grid.Height / config.Merge, config.Merge, grid.Width / config.Merge, config.Merge).permute(0, 2, 1, 3).flatten();
    }

    /// <summary>From angles (1 or B, L, A).</summary>
    public static Rotation Of(Tensor angles)
    {
        using var scope = NewDisposeScope();
        var both = cat([angles, angles], dim: -1).unsqueeze(1);
        return new Rotation(both.cos(), both.sin()).MoveToOuterDisposeScope();
    }

    public Rotation MoveToOuterDisposeScope() => new(Cos.MoveToOuterDisposeScope(), Sin.MoveToOuterDisposeScope());

    /// <summary>The rows or keys (B, H, L, D), turned; in their own type.</summary>
    public Tensor Turn(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.Widen();
        var halves = wide.chunk(2, dim: -1);
        return ((wide * Cos) + (cat([-halves[1], halves[0]], dim: -1) * Sin)).to(x.dtype).MoveToOuterDisposeScope();
    }

    // 1, then ever slower (A).
    private static Tensor Speeds(double from, int width, Device device)
    {
        using var scope = NewDisposeScope();
        return (1 / pow(tensor((float)from, device: device), arange(0, width, 2, ScalarType.Float32, device) / width)).MoveToOuterDisposeScope();
    }
}
