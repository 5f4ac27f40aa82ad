using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Methods.FastComposer;
using Dramatis.Pictures;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>The network that changes words by pictures, with its gradients.</summary>
internal sealed class FastComposerPostfuseCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_postfuse"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var weights = TensorArchive.Open(golden.PathOf(golden.Text("checkpoint")));
        var results = new List<(string Name, Tensor Ours)>();
        foreach (var name in golden.Fixture.GetProperty("cases").EnumerateArray().Select(item => item.GetString()!))
        {
            var text = golden.Tensor($"{name}.text_embeds").requires_grad_();
            var images = golden.Tensor($"{name}.object_embeds").requires_grad_();
            var words = golden.Tensor($"{name}.image_token_mask").to(ScalarType.Bool);
            using var network = FastComposerFile.LoadPostfuse(weights, (int)text.shape[^1]);
            var counts = golden.Tensor($"{name}.num_objects").data<long>().Select(count => (int)count).ToArray();
            var fused = network.Fuse(text, images.squeeze(2), words, counts);
            (fused * golden.Tensor($"{name}.grad_weight")).sum().backward();
            results.Add(($"{name}.out", fused));
            results.Add(($"{name}.grad.text_embeds", text.grad!));
            results.Add(($"{name}.grad.object_embeds", images.grad ?? zeros_like(images)));
            results.AddRange(network.named_parameters().Where(item => golden.Has($"{name}.grad.{item.name}"))
                .Select(item => ($"{name}.grad.{item.name}", item.parameter.grad!.clone())));
        }

        return golden.Compare([.. results]);
    }
}

/// <summary>Texts with placeholders to ids and marks, exactly.</summary>
internal sealed class FastComposerTokenizeCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_tokenize"];

    public GoldenResult Run(GoldenCase golden)
    {
        var vocabulary = golden.Text("vocabulary");
        var tokenizer = Directory.Exists(golden.PathOf(vocabulary)) ? ClipTokenizer.FromFolder(golden.PathOf(vocabulary)) : new(BpeVocabulary.Clip);
        tokenizer = tokenizer.With(golden.Text("text_cleaning").StartsWith("basic", StringComparison.Ordinal) ? TextCleaning.Basic : TextCleaning.Ftfy);
        var most = golden.Fixture.GetProperty("max_num_objects").GetInt32();
        var results = golden.Fixture.GetProperty("cases").EnumerateArray().SelectMany((item, i) => Read(tokenizer, item, i, most));
        return golden.Compare([.. results.Where(result => golden.Has(result.Name))]);
    }

    private static IEnumerable<(string Name, Tensor Ours)> Read(ClipTokenizer tokenizer, JsonElement item, int number, int most)
    {
        var kind = item.GetProperty("kind").GetString();
        var placeholder = kind == "pipeline" ? PlaceholderTokens.Img : PlaceholderTokens.Image;
        var text = kind == "train"
            ? PlaceholderTokens.Insert(item.GetProperty("caption").GetString()!, item.GetProperty("ends").EnumerateArray().Select(end => end.GetInt32()))
            : item.GetProperty("prompt").GetString()!;
        var tokens = PlaceholderTokens.Of(tokenizer, text, placeholder);
        foreach (var (name, ours) in FastComposerTokens.Of(tokens, most))
        {
            yield return ($"{number}.{name}", ours);
        }

        yield return ($"{number}.text_only_ids", tensor(
            tokenizer.Encode(text.Replace(placeholder, "", StringComparison.Ordinal)).Select(id => (long)id).ToArray()));
    }
}

/// <summary>The checkpoint's text encoder.</summary>
internal sealed class FastComposerTextCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_text_encoder"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var fixture = new FastComposerFixture(golden);
        var ids = golden.Tensor("input_ids");
        var states = fixture.Model.TextEncoder.forward(ids).LastHiddenState;

        // The versions of transformers that it was made with take the largest id for the end, whatever the settings say.
        return golden.Compare(("last_hidden_state", states), ("pooled", states[arange(ids.shape[0]), ids.argmax(1)]));
    }
}

/// <summary>The checkpoint's image encoder, for pictures of its size and of others.</summary>
internal sealed class FastComposerImageCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_image_encoder"];

    public GoldenResult Run(GoldenCase golden)
    {
        using var off = no_grad();
        using var fixture = new FastComposerFixture(golden);
        var encoder = fixture.Parts.ImageEncoder;
        return golden.Compare([.. golden.Fixture.GetProperty("inputs").EnumerateArray().Select(item => item.GetString()!).SelectMany(name =>
        {
            var colours = golden.Tensor(name);                                                              // (B, O, 3, H, W)
            var pixels = ObjectPixels.Normalise(colours.flatten(0, 1), encoder.Config.Side);
            var embeddings = encoder.forward(pixels).Embedding.view(colours.shape[0], colours.shape[1], 1, -1);
            (string Name, Tensor Ours)[] all = [($"mid.{name}.normalised", pixels), ($"{name}.object_embeds", embeddings)];
            return all.Where(item => golden.Has(item.Name));
        })]);
    }
}

/// <summary>References made square, without augmentation.</summary>
internal sealed class FastComposerObjectCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["fastcomposer_object_transform"];

    public GoldenResult Run(GoldenCase golden) => golden.Compare(
    [
        .. golden.Fixture.GetProperty("inputs").EnumerateArray().Select(item => item.GetString()!).SelectMany((name, i) =>
            golden.Fixture.GetProperty("sizes").EnumerateArray().Select(size => size.GetInt32()).Select(size =>
                ($"object.{size}.{i}", ObjectPixels.Square(ToPicture(golden.Tensor(name)), size, CPU)))),
    ]);

    internal static Picture ToPicture(Tensor colours) => Picture.FromRgb(
        colours.to(ScalarType.Byte).permute(1, 2, 0).contiguous().cpu().data<byte>().ToArray(), new((int)colours.shape[2], (int)colours.shape[1]));
}
