using Dramatis.Conditioning;
using Dramatis.Methods.MsDiffusion;
using Dramatis.Schedules;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.MsDiffusion;

public sealed class MsDiffusionSessionTests
{
    // Rounding of single precision in one attention of width 8.
    private const float Rounding = 1e-5f;

    private static readonly AttentionSite Site = new() { Index = 0, Path = "attn2", Width = 8, Heads = 2 };

    private static readonly Grid Grid = new(4, 4);

    internal static readonly MsDiffusionConfig Tiny = new()
    {
        Dummies = 4,
        Resampler = new()
        {
            Width = 8,
            Depth = 1,
            Heads = 2,
            HeadWidth = 4,
            Queries = 4,
            FeatureWidth = 6,
            PhraseWidth = 6,
            OutputWidth = 6,
            Locality = new(2, 1.5),
        },
    };

    private static readonly MsDiffusionConfig Unlocal = Tiny with { Resampler = Tiny.Resampler with { Locality = null } };

    [Fact]
    public void Cells_outside_all_places_and_rows_without_places_get_exactly_nothing()
    {
        using var scope = NewDisposeScope();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var boxes = stack([zeros(1, 4), tensor([0f, 0f, 0.5f, 0.5f]).view(1, 4)]);
        using var session = adapter.Open(randn(2, 1, 4, 6), boxes);

        var added = session.BranchAt(Call())!(randn(2, 2, 16, 4)).transpose(1, 2).flatten(2).view(2, 4, 4, 8);

        Assert.Equal(0, added[0].abs().max().item<float>());
        Assert.Equal(0, added[1, 2..].abs().max().item<float>());
        Assert.Equal(0, added[1, .., 2..].abs().max().item<float>());
        Assert.True(added[1, ..2, ..2].abs().min().item<float>() > 0);
    }

    [Fact]
    public void The_order_of_the_subjects_does_not_matter()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var (tokens, boxes, query) = (randn(1, 3, 4, 6), Overlapping(), randn(1, 2, 16, 4));
        var order = tensor([2L, 0L, 1L]);
        Influence[] influences = [new(0.5), new(1.5), new(1)];
        using var session = adapter.Open(tokens, boxes, influences);
        using var permuted = adapter.Open(
            tokens.index_select(1, order), boxes.index_select(1, order), [influences[2], influences[0], influences[1]]);

        var difference = session.BranchAt(Call())!(query) - permuted.BranchAt(Call())!(query);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void A_subject_without_a_place_leaves_the_others_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var (tokens, boxes, query) = (randn(1, 3, 4, 6), Overlapping(), randn(1, 2, 16, 4));
        using var padded = adapter.Open(cat([tokens, randn(1, 1, 4, 6)], 1), cat([boxes, zeros(1, 1, 4)], 1));
        using var session = adapter.Open(tokens, boxes);

        var difference = session.BranchAt(Call())!(query) - padded.BranchAt(Call())!(query);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void The_same_reference_twice_is_as_good_as_once()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var (tokens, boxes, query) = (randn(1, 1, 4, 6), tensor([0f, 0f, 0.5f, 1f]).view(1, 1, 4), randn(1, 2, 16, 4));
        using var once = adapter.Open(tokens, boxes);
        using var twice = adapter.Open(cat([tokens, tokens], 1), cat([boxes, boxes], 1));

        var difference = once.BranchAt(Call())!(query) - twice.BranchAt(Call())!(query);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Before_its_start_automatic_layout_is_the_places_and_then_what_reads_the_words()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Unlocal, [Site]);
        var (tokens, query) = (randn(1, 1, 4, 6), randn(1, 2, 16, 4));
        var boxes = tensor([0f, 0f, 1f, 0.5f]).view(1, 1, 4);
        using var places = adapter.Open(tokens, boxes);
        using var below = adapter.Open(tokens, tensor([0f, 0.5f, 1f, 1f]).view(1, 1, 4));
        using var auto = adapter.Open(tokens, boxes, null, Steered(new(0.5, StartStep: 2)));

        Read(auto, step: 0);
        var first = auto.BranchAt(Call(0))!(query);
        Read(auto, step: 1);
        var second = auto.BranchAt(Call(1))!(query);

        Assert.Equal(0, (first - places.BranchAt(Call(0))!(query)).abs().max().item<float>());
        Assert.Equal(0, (second - below.BranchAt(Call(1))!(query)).abs().max().item<float>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_subject_whose_words_nobody_reads_keeps_its_place_or_vanishes_as_in_the_reference(bool vanishes)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Unlocal, [Site]);
        var words = new WordSteering(zeros(1, 1, 6)) { Auto = new(0.5, 1, LosesUnread: vanishes) };
        using var auto = adapter.Open(randn(1, 1, 4, 6), tensor([0f, 0f, 1f, 0.5f]).view(1, 1, 4), null, words);

        Read(auto, step: 0);
        var added = auto.BranchAt(Call(0))!(randn(1, 2, 16, 4));

        Assert.Equal(vanishes, added.abs().max().item<float>() == 0);
    }

    [Fact]
    public void Binding_raises_words_inside_the_place_lowers_them_outside_and_leaves_all_others()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var words = cat([zeros(1, 1, 6), Steered(null).Words]);
        using var session = adapter.Open(
            randn(2, 1, 4, 6), tensor([0f, 0f, 0f, 0f, 0f, 0f, 1f, 0.5f]).view(2, 1, 4), null, new(words) { Binding = 1 });
        var logits = randn(2, 2, 16, 6);

        var change = session.LogitEditAt(Call())!(logits) - logits;

        Assert.Equal(0, change[0].abs().max().item<float>());
        Assert.Equal(0, change[1, .., .., 3..].abs().max().item<float>());
        Assert.True(change[1, .., ..8, 2].min().item<float>() > 0);
        Assert.True(change[1, .., 8.., 2].max().item<float>() < 0);
    }

    [Fact]
    public void A_place_that_is_the_whole_picture_binds_nothing_and_no_binding_needs_no_edit()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var boxes = tensor([0f, 0f, 1f, 1f]).view(1, 1, 4);
        using var whole = adapter.Open(randn(1, 1, 4, 6), boxes, null, Steered(null) with { Binding = 1 });
        using var unbound = adapter.Open(randn(1, 1, 4, 6), boxes, null, Steered(null));
        var logits = randn(1, 2, 16, 6);

        Assert.Equal(0, (whole.LogitEditAt(Call())!(logits) - logits).abs().max().item<float>());
        Assert.Null(unbound.LogitEditAt(Call()));
        Assert.Null(unbound.ProbeAt(Call()));
    }

    [Fact]
    public void Strength_zero_adds_no_branch()
    {
        using var scope = NewDisposeScope();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        using var session = adapter.Open(randn(1, 2, 4, 6), rand(1, 2, 4), [new(0), new(0)]);

        Assert.Null(session.BranchAt(Call()));
    }

    [Fact]
    public void A_strength_is_a_factor_on_what_is_added()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var (tokens, boxes, query) = (randn(1, 1, 4, 6), tensor([0f, 0f, 1f, 1f]).view(1, 1, 4), randn(1, 2, 16, 4));
        using var full = adapter.Open(tokens, boxes);
        using var half = adapter.Open(tokens, boxes, [new(0.5)]);

        var difference = (0.5 * full.BranchAt(Call())!(query)) - half.BranchAt(Call())!(query);

        Assert.True(difference.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Outside_its_part_of_the_steps_a_subject_is_as_if_it_had_no_place()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var (tokens, boxes, query) = (randn(1, 3, 4, 6), Overlapping(), randn(1, 2, 16, 4));
        using var late = adapter.Open(tokens, boxes, [new(), new(), new(Start: 0.5)]);
        using var two = adapter.Open(tokens[.., ..2], boxes[.., ..2]);
        using var three = adapter.Open(tokens, boxes);

        var early = late.BranchAt(Call(step: 1))!(query) - two.BranchAt(Call())!(query);
        var then = late.BranchAt(Call(step: 2))!(query) - three.BranchAt(Call())!(query);

        Assert.True(early.abs().max().item<float>() < Rounding);
        Assert.True(then.abs().max().item<float>() < Rounding);
    }

    [Fact]
    public void Of_seventy_subjects_those_that_act_are_as_if_they_were_alone()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var (tokens, boxes, query) = (randn(1, 70, 4, 6), Overlapping().repeat(1, 24, 1)[.., ..70], randn(1, 2, 16, 4));
        var words = new WordSteering(ones(1, 70, 6)) { Binding = 1 };
        using var all = adapter.Open(tokens, boxes, [.. Enumerable.Range(0, 70).Select(i => new Influence(End: i is 3 or 69 ? 1 : .5))], words);
        using var two = adapter.Open(tokens.index_select(1, tensor([3L, 69L])), boxes.index_select(1, tensor([3L, 69L])));

        var difference = all.BranchAt(Call(step: 2))!(query) - two.BranchAt(Call(step: 2))!(query);

        Assert.True(difference.abs().max().item<float>() < Rounding);
        Assert.NotNull(all.LogitEditAt(Call(step: 2)));
        Assert.False(all.BranchAt(Call(step: 1))!(query).equal(two.BranchAt(Call(step: 1))!(query)).all().item<bool>());
    }

    [Fact]
    public void Gradients_reach_tokens_and_projections_and_leave_the_dummies_alone()
    {
        using var scope = NewDisposeScope();
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        var tokens = randn(1, 3, 4, 6).requires_grad_();
        using var session = adapter.Open(tokens, Overlapping());

        session.BranchAt(Call())!(randn(1, 2, 16, 4)).square().sum().backward();

        Assert.True(tokens.grad!.abs().max().item<float>() > 0);
        Assert.All(
            adapter.named_parameters().Where(item => item.name.StartsWith("ms_adapter", StringComparison.Ordinal)),
            item => Assert.True(item.parameter.grad!.abs().max().item<float>() > 0));
        Assert.False(adapter.get_parameter("dummy_image_tokens")!.requires_grad);
    }

    [Fact]
    public void Names_are_the_keys_of_the_official_file()
    {
        using var adapter = new MsDiffusionAdapter(Tiny, [Site, Site with { Index = 1 }]);

        var names = adapter.named_parameters().Select(item => item.name).ToHashSet();

        Assert.Superset(
            new HashSet<string>
            {
                "dummy_image_tokens", "ms_adapter.1.to_k_ip.weight", "ms_adapter.3.to_v_ip.weight",
                "image_proj.grounding_latents", "image_proj.layers.0.0.to_kv.weight", "image_proj.layers.0.1.3.weight",
            },
            names);
    }

    [Fact]
    public void A_session_leaves_no_tensor_behind()
    {
        using var adapter = new MsDiffusionAdapter(Tiny, [Site]);
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            using var session = adapter.Open(randn(1, 3, 4, 6), Overlapping());
            session.BranchAt(Call())!(randn(1, 2, 16, 4)).sum().backward();
            using var off = no_grad();
            using var steered = adapter.Open(randn(1, 1, 4, 6), rand(1, 1, 4), null, Steered(new(0.5, 1)) with { Binding = 1 });
            Read(steered, step: 0);
            steered.BranchAt(Call())!(randn(1, 2, 16, 4));
            steered.LogitEditAt(Call())!(randn(1, 2, 16, 6));
        }

        Assert.Equal(0, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // Token 2 of 6 means the only subject; the lower half reads it.
    private static WordSteering Steered(AutoLayout? auto)
    {
        var words = zeros(1, 1, 6);
        words[0, 0, 2] = 1;
        return new(words) { Auto = auto };
    }

    private static void Read(ConditioningSession session, int step)
    {
        var weights = zeros(1, 2, 16, 6);
        weights[0, .., 8.., 2] = 1;
        session.ProbeAt(Call(step))!(weights);
    }

    private static AttentionCall Call(int step = 0) => new(Site, new StepInfo(step, 4, 1, 0.5), Grid);

    private static Tensor Overlapping() =>
        tensor([0f, 0f, 0.6f, 0.75f, 0.3f, 0.5f, 0.9f, 1f, 0.2f, 0f, 1f, 0.8f]).view(1, 3, 4);
}
