using Dramatis.Networks.Qwen2Vl;
using Dramatis.Tensors;
using static TorchSharp.torch;

namespace Dramatis.Tests.Networks.Qwen2Vl;

public sealed class LanguageModelTests
{
    private const double Rounding = 1e-5;

    [Fact]
    public void Rows_read_in_pieces_are_those_read_at_once()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(TinyQwen.Config);
        var x = randn(1, 12, 24);
        var whole = model.Read(x, Rotation.Plain(model.Config, 0, 12, CPU), RowMask.Causal(12, 0, CPU, float32));

        var (first, seen) = model.Continue(x[.., ..5], Rotation.Plain(model.Config, 0, 5, CPU), []);
        var (second, more) = model.Continue(x[.., 5..9], Rotation.Plain(model.Config, 5, 4, CPU), seen);
        var third = model.Read(x[.., 9..], Rotation.Plain(model.Config, 9, 3, CPU), RowMask.Causal(3, 9, CPU, float32), more);

        Assert.InRange(Distance(whole, cat([first, second, third], dim: 1)), 0, Rounding);
        Assert.Equal(9, more[0].Key.shape[2]);
        Assert.All(seen.Concat(more), layer => layer.Dispose());
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 4)]
    public void Padding_on_either_side_changes_no_real_row(int before, int behind)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(TinyQwen.Config);
        var x = randn(1, 6, 24);
        var length = before + 6 + behind;
        var padded = cat([randn(1, before, 24), x, randn(1, behind, 24)], dim: 1);
        var isText = cat([zeros(1, before), ones(1, 6), zeros(1, behind)], dim: 1);

        var alone = model.Read(x, Rotation.Plain(model.Config, before, 6, CPU), RowMask.Causal(6, 0, CPU, float32));
        var among = model.Read(padded, Rotation.Plain(model.Config, 0, length, CPU), RowMask.Padded(isText, length, float32));

        Assert.InRange(Distance(alone, among.narrow(1, before, 6)), 0, Rounding);
        Assert.True(among.isfinite().all().item<bool>());
    }

    [Fact]
    public void A_row_does_not_see_those_after_it()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(TinyQwen.Config);
        var x = randn(1, 6, 24);
        var changed = cat([x[.., ..5], randn(1, 1, 24)], dim: 1);

        var (one, other) = (Read(x), Read(changed));

        Assert.InRange(Distance(one[.., ..5], other[.., ..5]), 0, Rounding);
        Assert.NotInRange(Distance(one[.., 5..], other[.., 5..]), 0, Rounding);

        Tensor Read(Tensor rows) => model.Read(rows, Rotation.Plain(model.Config, 0, 6, CPU), RowMask.Causal(6, 0, CPU, float32));
    }

    [Fact]
    public void A_pictures_tokens_do_not_depend_on_the_pictures_beside_it()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var tower = new VisionTower(TinyQwen.Config.Vision);
        Grid[] grids = [new(4, 6), new(6, 2)];
        var patches = randn(36, tower.Config.PatchNumbers);

        var together = tower.forward(patches, grids);

        Assert.Equal([9L, 24], together.shape);
        Assert.InRange(Distance(together[..6], tower.forward(patches[..24], [grids[0]])), 0, Rounding);
        Assert.InRange(Distance(together[6..], tower.forward(patches[24..], [grids[1]])), 0, Rounding);
    }

    [Fact]
    public void Gradients_reach_every_weight_and_nothing_is_left_alive()
    {
        using var model = new Qwen2VlModel(TinyQwen.Config);

        Assert.Equal(0, LeakCheck.After(() =>
        {
            model.zero_grad();
            var picture = model.Vision.forward(randn(4, model.Vision.Config.PatchNumbers), [new(2, 2)]);
            var rows = cat([model.Language.Embed(tensor(new long[] { 1, 2, 3 }).unsqueeze(0)), picture.unsqueeze(0)], dim: 1);
            model.Language.Read(rows, Rotation.Plain(TinyQwen.Config, 0, 4, CPU), RowMask.Causal(4, 0, CPU, float32)).square().sum().backward();
            Assert.All(model.named_parameters(), item => Assert.True(item.parameter.grad is not null, item.name));
        }));
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).abs().max().item<float>();
}
