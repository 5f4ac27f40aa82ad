using Dramatis.Errors;
using Dramatis.Methods.Lora;
using Dramatis.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.Lora;

/// <summary>One change under the names that programs give it.</summary>
public sealed class LoraLayoutsTests(ToyboxModel toybox) : IClassFixture<ToyboxModel>, IDisposable
{
    private const string Block = "down_blocks.1.attentions.0.transformer_blocks.0";
    private const string Keys = $"{Block}.attn2.to_k";
    private const string Text = "text_model.encoder.layers.0.self_attn.q_proj";
    private const string Kernel = "down_blocks.1.resnets.0.conv1";
    private const string Norm = $"{Block}.norm2";

    private readonly DisposeScope scope = NewDisposeScope();
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly BaseModel model = toybox.Model;

    private string File => Path.Combine(folder, "change.safetensors");

    public void Dispose()
    {
        scope.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(Keys, $"unet.{Keys}.lora_A.weight", $"unet.{Keys}.lora_B.weight")]
    [InlineData(Keys, $"unet.{Keys}.lora_A.default_0.weight", $"unet.{Keys}.lora_B.default_0.weight")]
    [InlineData(Keys, $"base_model.model.{Keys}.lora_A.my-cat.weight", $"base_model.model.{Keys}.lora_B.my-cat.weight")]
    [InlineData(Keys, $"unet.base_model.model.{Keys}.lora_A.weight", $"unet.base_model.model.{Keys}.lora_B.weight")]
    [InlineData(Keys, $"unet.{Keys}.lora_down.weight", $"unet.{Keys}.lora_up.weight")]
    [InlineData(Text, $"base_model.model.{Text}.lora_A.weight", $"base_model.model.{Text}.lora_B.weight")]
    [InlineData(Text, "base_model.model.encoder.layers.0.self_attn.q_proj.lora_A.weight", "base_model.model.encoder.layers.0.self_attn.q_proj.lora_B.weight")]
    [InlineData(Text, "text_encoder.encoder.layers.0.self_attn.q_proj.lora_A.x.weight", "text_encoder.encoder.layers.0.self_attn.q_proj.lora_B.x.weight")]
    [InlineData(Text, $"text_encoders.clip_l.transformer.{Text}.lora_down.weight", $"text_encoders.clip_l.transformer.{Text}.lora_up.weight")]
    [InlineData(Text, "lora_te1_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight",
        "lora_te1_text_model_encoder_layers_0_self_attn_q_proj.lora_up.weight")]
    [InlineData(Kernel, "lycoris_down_blocks_1_resnets_0_conv1.lora_down.weight", "lycoris_down_blocks_1_resnets_0_conv1.lora_up.weight")]
    public void Names_of_every_program_are_read(string layer, string down, string up)
    {
        var shape = Shape(layer);
        Save((down, ones([3, .. shape[1..]])), (up, ones([shape[0], 3, .. shape[2..].Select(_ => 1L)])));

        using var read = LoraFile.Read(File, model);

        var change = Assert.IsType<LowRankChange>(Assert.Single(read.Changes));
        Assert.Equal(($"{layer}.weight", 1), (change.Weight, change.Factor));
        Assert.Equal(layer.StartsWith("text", StringComparison.Ordinal) ? ModelNetwork.TextEncoder : ModelNetwork.UNet, change.Network);
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("alpha 1")]
    [InlineData("alpha 1x1")]
    public void Alpha_is_one_number_of_any_shape_and_a_rank_says_what_is_known(string alpha)
    {
        long[] shape = [.. alpha.Split(' ').Skip(1).SelectMany(sides => sides.Split('x')).Select(long.Parse)];
        Save([.. Halves(), ($"unet.{Keys}.alpha", full(shape, 6f)), ($"unet.{Keys}.rank", tensor(3))]);

        using var read = LoraFile.Read(File, model);

        Assert.Equal(2, ((LowRankChange)read.Changes.Single()).Factor);
    }

    [Fact]
    public void PEFT_s_settings_beside_a_file_say_alpha()
    {
        System.IO.File.WriteAllText(Path.Combine(folder, "adapter_config.json"), """{"peft_type": "LORA", "r": 3, "lora_alpha": 12}""");
        Save([.. Halves("base_model.model")]);

        using var read = LoraFile.Read(File, model);

        Assert.Equal(4, ((LowRankChange)read.Changes.Single()).Factor);
    }

    [Fact]
    public void Two_adapters_in_a_file_are_refused()
    {
        var shape = Shape(Keys);
        Save(
            ($"unet.{Keys}.lora_A.one.weight", ones(3, shape[1])), ($"unet.{Keys}.lora_B.one.weight", ones(shape[0], 3)),
            ($"unet.{Keys}.lora_A.two.weight", ones(3, shape[1])), ($"unet.{Keys}.lora_B.two.weight", ones(shape[0], 3)));

        Assert.Contains("several adapters", Assert.Throws<InvalidCheckpointException>(() => LoraFile.Read(File, model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NaN, true)]
    public void What_is_no_number_is_named_with_its_tensor(float value, bool isAlpha)
    {
        var halves = Halves().ToArray();
        halves[1].Values[0, 0] = isAlpha ? 1 : value;
        Save([.. halves, ($"unet.{Keys}.alpha", tensor(isAlpha ? value : 3f))]);

        var error = Assert.Throws<InvalidCheckpointException>(() => LoraFile.Read(File, model));

        Assert.Contains("no numbers", error.Message, StringComparison.Ordinal);
        Assert.Contains(isAlpha ? $"unet.{Keys}.alpha" : $"unet.{Keys}.lora_B.weight", error.Message, StringComparison.Ordinal);
        Assert.StartsWith(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DoRA_lies_along_inputs_or_outputs_as_its_shape_says()
    {
        var shape = Shape(Keys);
        Assert.NotEqual(shape[0], shape[1]);

        Assert.False(Lengths("dora_scale", ones(shape[0], 1)).OfInputs);
        Assert.True(Lengths("dora_scale", ones(1, shape[1])).OfInputs);
        Assert.False(Lengths("lora_magnitude_vector", ones(shape[0])).OfInputs);
        Assert.False(Lengths("lora_magnitude_vector.weight", ones(shape[0])).OfInputs);
        Assert.False(Lengths("lora_magnitude_vector.default.weight", ones(1, shape[0])).OfInputs);
    }

    [Fact]
    public void A_weight_s_own_lengths_leave_it_as_it_is()
    {
        var weight = Weight(Keys);

        Assert.True(Lengths("dora_scale", weight.square().sum(1, keepdim: true).sqrt()).Apply(weight).allclose(weight, rtol: 1e-5, atol: 1e-7));
        Assert.True(Lengths("dora_scale", weight.square().sum(0, keepdim: true).sqrt()).Apply(weight).allclose(weight, rtol: 1e-5, atol: 1e-7));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LoHa_of_a_kernel_is_read_with_and_without_a_core(bool hasCore)
    {
        var (shape, name) = (Shape(Kernel), $"lora_unet_{Kernel.Replace('.', '_')}");
        (string, Tensor)[] factors = hasCore
            ? [("hada_w1_a", ones(2, shape[0])), ("hada_w1_b", ones(2, shape[1])), ("hada_t1", ones(2, 2, 3, 3)),
                ("hada_w2_a", ones(2, shape[0])), ("hada_w2_b", ones(2, shape[1])), ("hada_t2", ones(2, 2, 3, 3))]
            : [("hada_w1_a", ones(shape[0], 2)), ("hada_w1_b", ones(2, shape[1] * 9)), ("hada_w2_a", ones(shape[0], 2)), ("hada_w2_b", ones(2, shape[1] * 9))];
        Save([.. factors.Select(item => ($"{name}.{item.Item1}", item.Item2)), ($"{name}.alpha", tensor(1f))]);

        using var read = LoraFile.Read(File, model);

        // Each half sums its ranks, 2 or with a core 2 x 2; their product is weighed by 1 / 2.
        var changed = read.Changes.Single().Apply(zeros(shape), 1);
        Assert.True(changed.eq(hasCore ? 8 : 2).all().item<bool>());
    }

    [Theory]
    [InlineData("lora_up.weight", "lora_down.weight")]
    [InlineData("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")]
    public void A_scalar_that_was_not_multiplied_in_counts(params string[] parts)
    {
        var (shape, name) = (Shape(Keys), $"unet.{Keys}");
        Save([.. parts.Select((part, i) => ($"{name}.{part}", i % 2 == 0 ? ones(shape[0], 1) : ones(1, shape[1]))), ($"{name}.scalar", tensor(.25f))]);

        using var read = LoraFile.Read(File, model);

        Assert.True(read.Changes.Single().Apply(zeros(shape), 1).eq(.25).all().item<bool>());
    }

    [Theory]
    [InlineData(1, "lokr_w1", "lokr_w2")]
    [InlineData(.5, "lokr_w1", "lokr_w2_a", "lokr_w2_b")]
    [InlineData(.5, "lokr_w1_a", "lokr_w1_b", "lokr_w2")]
    [InlineData(.5, "lokr_w1_a", "lokr_w1_b", "lokr_w2_a", "lokr_w2_b")]
    public void LoKr_is_read_whole_and_factored_and_alpha_counts_where_it_is_factored(double expected, params string[] parts)
    {
        var (shape, name) = (Shape(Keys), $"unet.{Keys}");
        var small = new Dictionary<string, Tensor>
        {
            ["lokr_w1"] = ones(2, 2),
            ["lokr_w1_a"] = ones(2, 4) / 4,
            ["lokr_w1_b"] = ones(4, 2),
            ["lokr_w2"] = ones(shape[0] / 2, shape[1] / 2),
            ["lokr_w2_a"] = ones(shape[0] / 2, 4) / 4,
            ["lokr_w2_b"] = ones(4, shape[1] / 2),
        };
        Save([.. parts.Select(part => ($"{name}.{part}", small[part])), ($"{name}.alpha", tensor(2f))]);

        using var read = LoraFile.Read(File, model);

        Assert.True(read.Changes.Single().Apply(zeros(shape), 1).isclose(tensor((float)expected)).all().item<bool>());
    }

    [Fact]
    public void LoKr_of_a_kernel_with_a_core_is_read()
    {
        var (shape, name) = (Shape(Kernel), $"unet.{Kernel}");
        Save(
            ($"{name}.lokr_w1", ones(2, 2)), ($"{name}.lokr_w2_a", ones(3, shape[0] / 2)), ($"{name}.lokr_w2_b", ones(3, shape[1] / 2)),
            ($"{name}.lokr_t2", ones(3, 3, 3, 3)));

        using var read = LoraFile.Read(File, model);

        Assert.True(read.Changes.Single().Apply(zeros(shape), 1).eq(9).all().item<bool>());
    }

    [Fact]
    public void A_middle_matrix_stands_between_the_halves()
    {
        var (shape, name) = (Shape(Kernel), $"lora_unet_{Kernel.Replace('.', '_')}");
        Save(
            ($"{name}.lora_down.weight", ones(2, shape[1], 1, 1)), ($"{name}.lora_up.weight", ones(shape[0], 2, 1, 1)),
            ($"{name}.lora_mid.weight", ones(2, 2, 3, 3)),
            ($"{name}.alpha", tensor(1f)));

        using var read = LoraFile.Read(File, model);

        Assert.True(read.Changes.Single().Apply(zeros(shape), 1).eq(2).all().item<bool>());
    }

    [Fact]
    public void Whole_differences_change_weights_biases_and_norms()
    {
        var norm = $"lora_unet_{Norm.Replace('.', '_')}";
        Save(
            ($"{norm}.w_norm", ones(Shape(Norm))), ($"{norm}.b_norm", full(Shape(Norm), 2f)),
            ($"unet.{Keys}.diff", full(Shape(Keys), 3f)), ($"unet.{Kernel}.diff_b", full(Shape(Kernel)[0], 4f)));

        using var read = LoraFile.Read(File, model);

        var added = read.Changes.ToDictionary(change => change.Weight, change => change.Apply(zeros(change.Tensors[0].shape), .5).max().item<float>());
        Assert.Equal(
            new Dictionary<string, float> { [$"{Norm}.weight"] = .5f, [$"{Norm}.bias"] = 1, [$"{Keys}.weight"] = 1.5f, [$"{Kernel}.bias"] = 2 },
            added.OrderBy(item => item.Value).ToDictionary());
    }

    [Theory]
    [InlineData("hada_w1_a", "hada_w1_b of unet.")]
    [InlineData("lokr_w1", "lokr_w2 of unet.")]
    [InlineData("dora_scale", "down of unet.")]
    public void What_is_not_whole_names_what_is_missing(string there, string missing)
    {
        Save(($"unet.{Keys}.{there}", ones(Shape(Keys)[0], 1)));

        Assert.Contains(missing, Assert.Throws<WeightMismatchException>(() => LoraFile.Read(File, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_lie_in_the_file_come_with_it()
    {
        Save([.. Halves(), ("bundle_emb.my.cat.string_to_param.*", ones(2, 192)), ("bundle_emb.dog.emb_params", ones(1, 192))]);

        using var read = LoraFile.Read(File, model);

        Assert.Equal(["dog", "my.cat"], read.Words);
        Assert.Equal(3, read.Changes.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Layers_that_are_counted_are_found_by_their_order_and_shapes(bool feedForwardBetween)
    {
        string[] inBlock = feedForwardBetween
            ? ["attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0", "ff.net.0.proj", "attn2.to_q", "attn2.to_k", "attn2.to_v", "attn2.to_out.0"]
            : ["attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0", "attn2.to_q", "attn2.to_k", "attn2.to_v", "attn2.to_out.0", "ff.net.0.proj"];
        var layers = model.UNet.Sites.Select(site => site.Path[..site.Path.LastIndexOf('.')])
            .SelectMany(block => inBlock.Select(layer => $"{block}.{layer}")).ToArray();
        var tensors = layers.SelectMany((layer, i) => (IEnumerable<(string, Tensor)>)
            [($"unet:{i}:down", full([2, Shape(layer)[1]], (float)i)), ($"unet:{i}:up", ones(Shape(layer)[0], 2))]);
        Checkpoint.Save(
            tensors.Append(("<cat>", ones(1, 192))).ToDictionary(item => item.Item1, item => item.Item2), File,
            metadata: new Dictionary<string, string> { ["<cat>"] = "<embed>" });

        using var read = LoraFile.Read(File, model);

        Assert.Equal(["<cat>"], read.Words);
        var changes = read.Changes.OfType<LowRankChange>().ToDictionary(change => change.Weight, change => change.Down[0, 0].item<float>());
        Assert.Equal(layers.Length, changes.Count);
        Assert.All(layers.Index(), layer => Assert.Equal(layer.Index, changes[$"{layer.Item}.weight"]));
    }

    [Fact]
    public void A_list_of_a_text_encoder_s_halves_is_counted_too()
    {
        string[] inLayer = ["k_proj", "v_proj", "q_proj", "out_proj"];
        var layers = Enumerable.Range(0, model.TextEncoder.Config.Tower.Layers)
            .SelectMany(i => inLayer.Select(name => $"text_model.encoder.layers.{i}.self_attn.{name}")).ToArray();
        Save([.. layers.SelectMany((layer, i) => (IEnumerable<(string, Tensor)>)[($"{2 * i}", ones(192, 2)), ($"{(2 * i) + 1}", full([2, 192], (float)i))])]);

        using var read = LoraFile.Read(File, model);

        Assert.All(layers.Index(), layer => Assert.Equal(
            layer.Index, ((LowRankChange)read.Changes.Single(change => change.Weight == $"{layer.Item}.weight")).Down[0, 0].item<float>()));
    }

    [Fact]
    public void Counted_layers_of_another_model_are_refused_with_both_counts()
    {
        Save(("unet:0:up", ones(4, 1)), ("unet:0:down", ones(1, 4)));

        Assert.Contains("of 1 layers", Assert.Throws<InvalidCheckpointException>(() => LoraFile.Read(File, model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_nothing_reads_is_refused_by_its_name()
    {
        Save(($"base_model.model.{Keys}.ia3_l", ones(Shape(Keys)[0], 1)));

        var error = Assert.Throws<InvalidCheckpointException>(() => Dramatis.Methods.Catalog.PatchFiles.Read(File, model));

        Assert.Contains("(IA)³, which is not supported", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_alive()
    {
        Save([.. Halves(), ($"unet.{Keys}.dora_scale", ones(Shape(Keys)[0], 1)), ($"unet.{Kernel}.diff_b", ones(Shape(Kernel)[0]))]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        LoraFile.Read(File, model).Dispose();
        Save([.. Halves(), ($"unet.{Keys}.alpha", tensor(float.NaN))]);
        Assert.Throws<InvalidCheckpointException>(() => LoraFile.Read(File, model));

        scope.Dispose();
        Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount <= before);
    }

    private Magnitudes Lengths(string name, Tensor values)
    {
        var shape = Shape(Keys);
        Save(($"unet.{Keys}.lora_down.weight", ones(2, shape[1])), ($"unet.{Keys}.lora_up.weight", ones(shape[0], 2)), ($"unet.{Keys}.{name}", values));
        using var read = LoraFile.Read(File, model);
        var lengths = Assert.IsType<DifferenceChange>(Assert.Single(read.Changes)).Magnitudes!;
        return lengths with { Values = lengths.Values.clone() };
    }

    private (string Name, Tensor Values)[] Halves(string prefix = "unet") =>
        [($"{prefix}.{Keys}.lora_A.weight", ones(3, Shape(Keys)[1])), ($"{prefix}.{Keys}.lora_B.weight", ones(Shape(Keys)[0], 3))];

    private Tensor Weight(string layer) =>
        (layer.StartsWith("text", StringComparison.Ordinal) ? (nn.Module)model.TextEncoder : model.UNet).get_parameter($"{layer}.weight")!.detach();

    private long[] Shape(string layer) => Weight(layer).shape;

    private void Save(params (string Name, Tensor Values)[] tensors) =>
        Checkpoint.Save(tensors.ToDictionary(item => item.Name, item => item.Values), File);
}
