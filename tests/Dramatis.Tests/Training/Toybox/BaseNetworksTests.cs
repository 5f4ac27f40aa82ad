using Dramatis.Networks.Vae;
using Dramatis.Tensors;
using Dramatis.Training.Diffusion;
using Dramatis.Training.Toybox;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Training.Toybox;

public sealed class BaseNetworksTests
{
    // Rounding of single precision in a loss around 1.
    private const float Rounding = 1e-5f;

    // Of a loss around 1, by weights that were stored in half precision.
    private const float HalfPrecision = 1e-3f;

    [Fact]
    public void All_weights_learn_but_those_that_only_a_picture_s_embedding_and_the_dummies_use()
    {
        using var scope = NewDisposeScope();
        using var networks = new BaseNetworks(TinyBase.Configs, TinyBase.Process);

        var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);
        using var loss = networks.forward(batch, references, null);
        loss.Total.backward();

        Assert.All(
            networks.named_parameters().Where(item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0),
            item => Assert.True(
                item.name is "adapter.dummy_image_tokens" or "adapter.image_proj.grounding_latents"
                || item.name.StartsWith("image_encoder.visual_projection", StringComparison.Ordinal)
                || item.name.StartsWith("image_encoder.vision_model.post_layernorm", StringComparison.Ordinal),
                item.name));
    }

    [Fact]
    public void A_collage_learns_of_references_that_are_laid()
    {
        using var scope = NewDisposeScope();
        using var vae = new AutoencoderKL(TinyBase.Vae);
        using var networks = new BaseNetworks(TinyBase.WithCollage, TinyBase.Process, vae: vae);
        var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);
        using var loss = networks.forward(batch, references, null);
        loss.Total.backward();

        Assert.True(Gradient("adapter.collage.conv_out.weight") > 0);
        Assert.Equal(0, Gradient("adapter.collage.conv_in.weight"));    // behind zeros at first
        Assert.All(vae.parameters(), weight => Assert.Null(weight.grad));

        float Gradient(string name) => networks.named_parameters().Single(item => item.name == name).parameter.grad!.abs().max().item<float>();
    }

    [Fact]
    public void A_collage_tells_of_the_references_that_are_laid_alone()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var vae = new AutoencoderKL(TinyBase.Vae);
        using var networks = new BaseNetworks(TinyBase.WithCollage, TinyBase.Process, vae: vae);
        networks.Adapter.Collage!.get_parameter("conv_out.weight")!.normal_();
        using var session = networks.Open(Laid(false, true, false, false), orders: 2, draws: 2);
        using var none = networks.Open(Laid(false, false, false, false), orders: 2);

        var added = session.InputAt(new(0, 1, 0, 0))!;

        Assert.Equal([4L, 16, 8, 8], added.shape);
        Assert.True(added[0].abs().max().item<float>() > 0);
        Assert.Equal(0, (added[0] - added[1]).abs().max().item<float>());
        Assert.Equal(0, added[2..].abs().max().item<float>());
        Assert.Null(none.InputAt(new(0, 1, 0, 0)));

        static BaseReferences Laid(params bool[] laid)
        {
            var (_, all) = TinyBase.Inputs(orders: 2, each: 2);
            return new() { Pixels = all.Pixels, Phrases = all.Phrases, Places = all.Places, Slots = all.Slots, LargestCast = 2, Laid = laid };
        }
    }

    [Fact]
    public void An_adapter_gets_a_collage_that_adds_nothing_and_keeps_the_rest()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var vae = new AutoencoderKL(TinyBase.Vae);
        using var before = new BaseNetworks(TinyBase.WithCollage with { Adapter = TinyBase.Configs.Adapter }, TinyBase.Process);
        using var after = new BaseNetworks(TinyBase.WithCollage, TinyBase.Process, vae: vae);
        var folder = Directory.CreateTempSubdirectory("dramatis-test-");
        before.WriteTo(new ModelWriter(folder.FullName));

        after.LoadFrom(folder.FullName);
        folder.Delete(recursive: true);

        var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);
        var again = TinyBase.WithIds(batch, batch.Ids!);
        Assert.Equal(LossOf(before, batch, references), LossOf(after, again, references), HalfPrecision);
    }

    [Fact]
    public void The_loss_of_a_batch_is_the_mean_of_its_halves()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var networks = new BaseNetworks(TinyBase.Configs, TinyBase.Process);
        var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);

        var parts = Row(0) + Row(1);
        var whole = LossOf(networks, batch, references);

        Assert.Equal(parts / 2, whole, Rounding);

        float Row(int row) => LossOf(networks, TinyBase.Row(batch, row), TinyBase.Row(references, row));
    }

    [Fact]
    public void Orders_shown_several_times_are_as_so_many_orders()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var networks = new BaseNetworks(TinyBase.Configs, TinyBase.Process);
        var (batch, _) = TinyBase.Inputs(orders: 4, each: 2);
        var (once, references) = TinyBase.Inputs(orders: 2, each: 2);
        long[] order = [0, 0, 1, 1];

        var shared = LossOf(networks, TinyBase.WithIds(batch, once.Ids!), references);
        var apart = LossOf(networks, TinyBase.WithIds(batch, once.Ids![tensor(order)]), TinyBase.Rows(references, order));

        Assert.Equal(apart, shared, Rounding);
    }

    [Fact]
    public void Whoever_holds_a_weight_finds_it_where_the_network_went()
    {
        using var networks = new BaseNetworks(TinyBase.Configs, TinyBase.Process);
        var held = networks.parameters().ToArray();
        var frozen = held.Count(weight => !weight.requires_grad);

        NetworkHome.Move(networks, META);

        Assert.All(held, weight => Assert.Equal(DeviceType.META, weight.device_type));
        Assert.Equal(frozen, networks.parameters().Count(weight => !weight.requires_grad));
    }

    [Fact]
    public void Cells_of_weight_nought_do_not_count()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var networks = new BaseNetworks(TinyBase.Configs, TinyBase.Process);
        var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);

        var alike = LossOf(networks, TinyBase.Weighted(batch, ones(2, 1, 8, 8)), references);
        var nought = LossOf(networks, TinyBase.Weighted(batch, zeros(2, 1, 8, 8)), references);

        Assert.Equal(LossOf(networks, batch, references), alike, Rounding);
        Assert.Equal(0, nought);
    }

    [Fact]
    public void Orders_without_references_need_no_adapter()
    {
        using var scope = NewDisposeScope();
        using var networks = new BaseNetworks(TinyBase.Configs, TinyBase.Process);

        using var loss = networks.forward(TinyBase.Inputs(orders: 2, each: 2).Batch, null, null);
        loss.Total.backward();

        Assert.All(networks.Adapter.parameters(), weight => Assert.Null(weight.grad));
    }

    [Fact]
    public void Pictures_in_the_place_of_words_teach_what_puts_them_there()
    {
        using var scope = NewDisposeScope();
        using var networks = new BaseNetworks(TinyBase.WithFastComposer, TinyBase.Process);
        var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);
        using var words = TinyBase.Words();

        using var loss = networks.forward(batch, references, words);
        loss.Total.backward();

        Assert.Equal(["denoising", "meaning"], loss.Parts.Select(part => part.Name));
        Assert.All(
            networks.Postfuse!.parameters().Concat(networks.ImageEncoder.parameters()),
            weight => Assert.True(weight.grad is { } grad && grad.abs().max().item<float>() > 0));
    }

    [Fact]
    public void A_picture_changes_its_own_word_alone()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var networks = new BaseNetworks(TinyBase.WithFastComposer, TinyBase.Process);
        var ids = TinyBase.Inputs(orders: 2, each: 2).Batch.Ids!;
        using var words = TinyBase.Words();

        var (plain, none) = networks.Read(ids, null);
        var (shown, meaning) = networks.Read(ids, words.Shown);

        var changed = (shown - plain).abs().sum(-1).gt(0);
        Assert.True(changed.eq(words.Shown!.Tokens).all().item<bool>());
        Assert.Equal(0, none!.item<float>());
        Assert.True(meaning!.item<float>() > 0);
    }

    [Fact]
    public void A_loss_leaves_no_tensor_behind()
    {
        using var networks = new BaseNetworks(TinyBase.WithFastComposer, TinyBase.Process);

        var left = LeakCheck.After(() =>
        {
            var (batch, references) = TinyBase.Inputs(orders: 2, each: 2);
            using (references)
            using (var words = TinyBase.Words())
            using (var loss = networks.forward(batch, references, words))
            {
                loss.Total.backward();
            }
        });

        Assert.Equal(0, left);
    }

    private static float LossOf(BaseNetworks networks, DenoisingBatch batch, BaseReferences references)
    {
        using var loss = networks.forward(batch, references, null);
        return loss.Total.item<float>();
    }
}
