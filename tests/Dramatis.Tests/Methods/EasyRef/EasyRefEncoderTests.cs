using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tests.Networks.Qwen2Vl;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Tests.Methods.EasyRef;

public sealed class EasyRefEncoderTests : IDisposable
{
    private const double Rounding = 2e-5;
    private const string Text = "a cat";

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // About 144 tokens a picture.
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_group_read_in_pieces_is_what_it_is_read_at_once(int count)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        TinyQwen.Write(folder);
        using var network = new EasyRefNetwork(new(TinyQwen.Config, TinyEasyRef.Tokens, 32), []);
        var chat = QwenChat.FromFolder(folder);
        using var encoder = new EasyRefEncoder(network, chat, EasyRefConfig.Released);
        var pictures = Enumerable.Range(0, count).Select(number => Picture.Filled(512, 400 + (40 * number), Rgb.Gray((byte)(50 * number)))).ToList();

        var pieces = encoder.Encode(pictures, Text);

        Assert.InRange((pieces - network.Encode(AtOnce(network, chat, pictures))).abs().max().item<float>(), 0, Rounding);
        Assert.Equal([1, TinyEasyRef.Tokens, 32], pieces.shape);
    }

    [Fact]
    public void What_stands_for_no_group_is_a_black_picture_and_the_instruction()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        TinyQwen.Write(folder);
        using var network = new EasyRefNetwork(new(TinyQwen.Config, TinyEasyRef.Tokens, 32), []);
        using var encoder = new EasyRefEncoder(network, QwenChat.FromFolder(folder), EasyRefConfig.Released);

        var nothing = encoder.EncodeNothing("Look:\n");

        Assert.Same(nothing, encoder.EncodeNothing("Look:\n"));
        Assert.Equal(0, (nothing - encoder.Encode([Picture.Filled(512, 512, Rgb.Black)], "Look:\n")).abs().max().item<float>());
    }

    private static Tensor AtOnce(EasyRefNetwork network, QwenChat chat, List<Picture> pictures)
    {
        var patches = pictures.ConvertAll(picture => VisionPatches.Of(picture, EasyRefConfig.Released.Side));
        var ids = TokenIds.Of([chat.Say([.. patches.Select(picture => picture.Tokens)], Text).Ids]);
        var tokens = network.Vision.forward(cat([.. patches.Select(picture => picture.Pixels)]), [.. patches.Select(picture => picture.Grid)]);
        return network.Language.Embed(ids).masked_scatter(ids.eq(chat.PictureId).unsqueeze(-1), tokens);
    }
}
