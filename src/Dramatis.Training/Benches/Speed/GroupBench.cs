using System.Diagnostics;
using Dramatis.Methods.EasyRef;
using Dramatis.Networks.Qwen2Vl;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Benches.Speed;

/// <summary>What reading a group of pictures costs.</summary>
/// <param name="Tokens">Rows that the language model reads.</param>
/// <param name="Seconds">Of a group that was never seen.</param>
/// <param name="AgainSeconds">Of another prompt for the same group.</param>
/// <param name="PeakMemory">The most that the process held meanwhile, in bytes.</param>
internal sealed record GroupCost(int Pictures, int Tokens, double Seconds, double AgainSeconds, long PeakMemory);

/// <summary>How fast EasyRef's language model reads groups, at full size with random weights.</summary>
/// <param name="Weights">What they take, in bytes.</param>
/// <param name="Int8Error">How far tokens of 8-bit weights are from those of the same weights in half precision, in parts of their deviation; null otherwise.</param>
internal sealed record GroupSpeed(string Family, double LoadSeconds, long Weights, double? Int8Error, IReadOnlyList<GroupCost> Groups)
{
    // In bytes.
    private const long Room = 1_000_000_000;

    public long PeakMemory => Groups.Max(group => group.PeakMemory);

    /// <summary>What it should stay below: 1 GB besides the weights.</summary>
    public long MemoryLimit => Weights + Room;
}

/// <summary>Measures groups the way a generation reads them; the denoiser is not there.</summary>
internal static class GroupBench
{
    /// <summary>The family that is measured so.</summary>
    public const string Family = "qwen2vl-2b";

    /// <summary>Pictures of a group, at most.</summary>
    public const int Most = 28;

    private const int Tokens = 64;
    private const int TextWidth = 2048;
    private const string Text = "A text that is as long as usual ones are.";    // a token for each letter here

    /// <exception cref="OperationCanceledException">Stopped between two weights or two groups.</exception>
    public static GroupSpeed Run(IReadOnlyList<int> counts, ModelLoading loading, CancellationToken cancellationToken = default)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var watch = Stopwatch.StartNew();
        var stored = loading.Storage == WeightStorage.EightBit ? loading with { Storage = WeightStorage.AsStored } : loading;
        using var network = RandomWeights.Build(
            () => new EasyRefNetwork(new(Qwen2VlConfig.TwoBillion, Tokens, TextWidth), []), stored, cancellationToken);
        var error = loading.Storage == WeightStorage.EightBit ? CompressedError(network) : (double?)null;
        SpareMemory.GiveBack();
        var load = watch.Elapsed.TotalSeconds;
        return new(Family, load, SpeedBench.Bytes(network), error, [.. counts.Select(count => Measure(network, count, cancellationToken))]);
    }

    private static GroupCost Measure(EasyRefNetwork network, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var encoder = Encoder(network);
        var pictures = Enumerable.Range(0, count).Select(Noise).ToList();
        var device = Compute.Of(network).Device;
        SpareMemory.GiveBack();
        PeakMemory.Reset();
        var first = Seconds($"{Text}.");
        var again = Seconds($"{Text}!");
        var tokens = Chat().Say([.. pictures.Select(picture => VisionPatches.TokensOf(VisionPatches.GridOf(picture.Size, EasyRefConfig.Released.Side)))], $"{Text}.");
        return new(count, tokens.Ids.Count + Tokens, first, again, PeakMemory.Bytes);

        double Seconds(string text)
        {
            var start = Stopwatch.GetTimestamp();
            encoder.Encode(pictures, text).Dispose();
            Devices.Await(device);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    // The same weights before and after.
    private static double CompressedError(EasyRefNetwork network)
    {
        using var scope = NewDisposeScope();
        var half = Read();
        EightBitLayers.Compress(network);
        return ((Read() - half).square().mean().sqrt() / half.std()).item<float>();

        Tensor Read()
        {
            using var encoder = Encoder(network);
            return encoder.Encode([Noise(0)], Text).to(ScalarType.Float32, CPU);
        }
    }

    private static EasyRefEncoder Encoder(EasyRefNetwork network) => new(network, Chat(), EasyRefConfig.Released);

    // Bytes and the special tokens alone; which ids they have costs nothing.
    private static QwenChat Chat()
    {
        var vocabulary = BpeVocabulary.ByteLevel([]);
        return QwenChat.Make(new(vocabulary, QwenChat.Tokens.Index().ToDictionary(token => token.Item, token => vocabulary.Ids.Count + token.Index)), Family);
    }

    private static Picture Noise(int number)
    {
        var (picture, random) = (new Picture(512, 512), new StableRandom(1, number));
        for (var i = 0; i < picture.Rgba.Length; i++)
        {
            picture.Rgba[i] = i % 4 == 3 ? byte.MaxValue : (byte)random.Below(256);
        }

        return picture;
    }
}
