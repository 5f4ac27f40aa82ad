using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Methods.IpAdapter;
using Dramatis.Networks.UNet;
using Dramatis.Tensors;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.IpAdapter;

public sealed class IpAdapterNetworkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("embedding", 1024, 768, 22_319_616)]
    [InlineData("embedding", 1280, 768, 23_106_048)]
    [InlineData("features", 1280, 768, 21_794_304)]
    [InlineData("resampler", 768, 768, 49_087_488)]
    [InlineData("embedding", 1280, 2048, 351_285_248)]
    [InlineData("embedding", 1024, 2048, 349_188_096)]
    [InlineData("resampler", 1280, 2048, 423_748_864)]
    public void It_has_as_many_weights_as_the_published_adapters(string source, int width, int tokenWidth, long expected)
    {
        var config = source switch
        {
            "embedding" => new IpAdapterConfig { Source = TokenSource.Embedding, FeatureWidth = width, TokenWidth = tokenWidth, Tokens = 4 },
            "features" => new IpAdapterConfig { Source = TokenSource.Features, FeatureWidth = width, TokenWidth = tokenWidth },
            _ => IpAdapterConfig.OfPerceiver(new()
            {
                Width = width,
                Depth = 4,
                Heads = width / 64,
                HeadWidth = 64,
                Queries = 16,
                FeatureWidth = 1280,
                OutputWidth = tokenWidth,
            }),
        };

        using var network = Layers.WithoutMemory(() => new IpAdapterNetwork(config, tokenWidth == 768 ? PublishedSites.Sd15 : PublishedSites.Sdxl));

        Assert.Equal(expected, network.parameters().Sum(weight => weight.numel()));
    }

    // The numbers of the published files: all attention layers, the way down, the way up, the middle.
    [Fact]
    public void Projections_are_numbered_as_in_the_published_files()
    {
        Assert.Equal(Sd15Numbers(), Numbers(PublishedSites.Sd15));
        Assert.Equal(SdxlNumbers(), Numbers(PublishedSites.Sdxl));

        static IEnumerable<(int, string, int)> Numbers(IReadOnlyList<AttentionSite> sites) =>
            sites.Select(site => ((2 * site.Index) + 1, site.Path, site.Width));
    }

    [Theory]
    [InlineData("published")]
    [InlineData("modules")]
    [InlineData("inside the base model")]
    public void A_file_comes_back_as_it_was_saved_and_so_do_states_of_the_official_training(string layout)
    {
        using var scope = NewDisposeScope();
        using var unet = TinyAdapter.UNet();
        using var network = new IpAdapterNetwork(TinyAdapter.Plus, unet.Sites);
        var tensors = network.state_dict().ToDictionary(item => layout == "published" ? item.Key : TrainingName(item.Key, layout, unet), item => item.Value);
        if (layout != "published")
        {
            tensors["unet.conv_in.weight"] = ones(2, 2);
        }

        var path = Path.Combine(folder, "adapter.safetensors");
        Checkpoint.Save(tensors, path);
        using var weights = TensorArchive.Open(path);
        using var read = IpAdapterMethod.LoadNetwork(weights, TinyAdapter.Settings(), unet);

        Assert.Equal(network.state_dict().Keys, read.state_dict().Keys);
        Assert.All(
            network.state_dict().Values.Zip(read.state_dict().Values),
            pair => Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
    }

    [Fact]
    public void Every_weight_gets_a_gradient_and_no_tensor_is_left_behind()
    {
        using var unet = TinyAdapter.UNet();
        using var network = new IpAdapterNetwork(TinyAdapter.Plus, unet.Sites);

        var left = LeakCheck.After(() =>
        {
            using var session = new ImageTokenSession(network.Show(network.forward(randn(2, 5, TinyAdapter.Plus.FeatureWidth))));
            unet.forward(randn(2, 4, 8, 8), tensor([3L, 5L]), new(new(0, 1, 1, 0), randn(2, 6, unet.Config.TextWidth), session)).square().sum().backward();
        });

        Assert.Equal(0, left);
        Assert.DoesNotContain(network.named_parameters(), item => item.parameter.grad is not { } grad || grad.abs().max().item<float>() == 0);
    }

    private static string TrainingName(string name, string layout, UNet unet) =>
        name.StartsWith("image_proj.", StringComparison.Ordinal) ? name.Replace("image_proj.", "image_proj_model.", StringComparison.Ordinal)
        : layout == "modules" ? name.Replace("ip_adapter.", "adapter_modules.", StringComparison.Ordinal)
        : name.Split('.') is [_, var number, .. var rest] ? $"unet.{unet.Sites[(int.Parse(number) - 1) / 2].Path}.processor.{string.Join('.', rest)}"
        : name;

    private static IEnumerable<(int, string, int)> Sd15Numbers()
    {
        var number = -1;
        foreach (var (side, block, attentions, width) in new[]
        {
            ("down", 0, 2, 320), ("down", 1, 2, 640), ("down", 2, 2, 1280), ("up", 1, 3, 1280), ("up", 2, 3, 640), ("up", 3, 3, 320),
        })
        {
            for (var attention = 0; attention < attentions; attention++)
            {
                yield return (number += 2, $"{side}_blocks.{block}.attentions.{attention}.transformer_blocks.0.attn2", width);
            }
        }

        yield return (31, "mid_block.attentions.0.transformer_blocks.0.attn2", 1280);
    }

    private static IEnumerable<(int, string, int)> SdxlNumbers()
    {
        foreach (var (first, block, attentions, depth, width) in new[]
        {
            (1, "down_blocks.1", 2, 2, 640), (9, "down_blocks.2", 2, 10, 1280), (49, "up_blocks.0", 3, 10, 1280), (109, "up_blocks.1", 3, 2, 640),
            (121, "mid_block", 1, 10, 1280),
        })
        {
            for (var i = 0; i < attentions * depth; i++)
            {
                yield return (first + (2 * i), $"{block}.attentions.{i / depth}.transformer_blocks.{i % depth}.attn2", width);
            }
        }
    }
}
