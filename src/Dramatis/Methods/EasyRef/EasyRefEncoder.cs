using System.Security.Cryptography;
using Dramatis.Errors;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using static TorchSharp.torch;

namespace Dramatis.Methods.EasyRef;

/// <summary>A group of pictures and a text to tokens. Keeps what it may be asked for again.</summary>
/// <remarks>
/// All is computed in the same pieces whether they are kept from before or not: the opening, which all conversations share; each picture by itself;
/// the pictures after the opening, so many rows at a time; the text. So what was asked before changes no bit.
/// Shapes: n tokens of a picture, C width, T tokens, E token width.
/// </remarks>
internal sealed class EasyRefEncoder(EasyRefNetwork network, QwenChat chat, EasyRefConfig config) : IDisposable
{
    private const int MostKept = 64;    // pictures; about a megabyte each at full size
    private const int MostRows = 512;    // read at once: what lies between layers takes a tenth of a megabyte a row at full size

    private static readonly Picture Black = Picture.Filled(512, 512, Rgb.Black);

    private readonly Compute compute = Compute.Of(network);
    private readonly Dictionary<string, Tensor> looks = [];
    private ReadSoFar? opening;
    private (string Group, ReadSoFar Read)? latest;
    private (string Instruction, Tensor Tokens)? nothing;

    /// <summary>The tokens (1, T, E) of a group.</summary>
    /// <param name="group">In their order, which matters a little.</param>
    /// <param name="text">The instruction and the prompt. Special tokens in it are text.</param>
    /// <exception cref="InvalidRequestException">All together is longer than the language model reads.</exception>
    public Tensor Encode(IReadOnlyList<Picture> group, string text)
    {
        using var scope = NewDisposeScope();
        Forget(group.Count);
        var keys = group.Select(KeyOf).ToList();
        var pictures = group.Zip(keys, Look).ToList();
        SpareMemory.GiveBack();    // from vision to language
        var message = chat.Say([.. pictures.Select(picture => (int)picture.shape[0])], text);
        Check(message, group.Count);
        var (start, end) = (message.Pictures[0].Start - 1, message.Pictures[^1].End + 1);    // each picture stands between two marks
        opening ??= ReadSoFar.Begin(network, Rows(message, 0, start));
        var shown = Show(string.Join(' ', keys), () => Mix(message, start, end, pictures));
        return shown.End(Rows(message, end, message.Ids.Count), config.Attention).MoveToOuterDisposeScope();
    }

    /// <summary>What stands for no group (1, T, E): a black picture and the instruction alone. It belongs to the encoder.</summary>
    public Tensor EncodeNothing(string instruction)
    {
        if (nothing?.Instruction != instruction)
        {
            var tokens = Encode([Black], instruction).DetachFromDisposeScope();
            nothing?.Tokens.Dispose();
            nothing = (instruction, tokens);
        }

        return nothing!.Value.Tokens;
    }

    public void Dispose()
    {
        foreach (var look in looks.Values)
        {
            look.Dispose();
        }

        opening?.Dispose();
        latest?.Read.Dispose();
        nothing?.Tokens.Dispose();
    }

    private static string KeyOf(Picture picture) => $"{picture.Size} {Convert.ToHexString(SHA256.HashData(picture.Rgba))}";

    // A picture's tokens (n, C) depend on nothing but the picture.
    private Tensor Look(Picture picture, string key)
    {
        if (!looks.TryGetValue(key, out var tokens))
        {
            using var scope = NewDisposeScope();
            var patches = VisionPatches.Of(picture, config.Side, compute.Device);
            tokens = network.Vision.forward(patches.Pixels.To(compute), [patches.Grid]).DetachFromDisposeScope();
            looks.Add(key, tokens);
        }

        return tokens;
    }

    private void Forget(int coming)
    {
        if (looks.Count + coming <= MostKept)
        {
            return;
        }

        foreach (var look in looks.Values)
        {
            look.Dispose();
        }

        looks.Clear();
    }

    private ReadSoFar Show(string group, Func<Tensor> rows)
    {
        if (latest?.Group != group)
        {
            latest?.Read.Dispose();
            latest = null;
            var read = opening!;
            foreach (var piece in rows().split(MostRows, dim: 1))
            {
                var longer = read.Continue(piece);
                if (read != opening)
                {
                    read.Dispose();
                }

                read = longer;
                SpareMemory.GiveBack();    // keys and values grow with each piece, so that none fits where those before it were
            }

            latest = (group, read);
        }

        return latest!.Value.Read;
    }

    // (1, L, C)
    private Tensor Rows(QwenMessage message, int start, int end) =>
        network.Language.Embed(TokenIds.Of([[.. message.Ids.Take(end).Skip(start)]], compute.Device));

    private Tensor Mix(QwenMessage message, int start, int end, List<Tensor> pictures)
    {
        var places = message.Pictures.SelectMany(span => Enumerable.Range(span.Start - start, span.End - span.Start)).Select(place => (long)place).ToArray();
        return Rows(message, start, end).index_copy(1, tensor(places, device: compute.Device), cat(pictures).unsqueeze(0));
    }

    private void Check(QwenMessage message, int pictures) => InvalidRequestException.ThrowUnless(
        message.Ids.Count + network.Final.Tokens <= network.Language.Config.MostPositions,
        "instruction", $"with the prompt and {pictures} pictures makes {message.Ids.Count} tokens, but the language model reads "
            + $"{network.Language.Config.MostPositions - network.Final.Tokens}; shorten it, or give fewer pictures.");
}
