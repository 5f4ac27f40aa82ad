using System.Globalization;
using System.Text.RegularExpressions;
using Dramatis.Checkpoints;
using Dramatis.Networks.UNet;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Toybox;

/// <summary>A denoiser with one level more outside than another one, whose levels become its inner ones.</summary>
/// <remarks>Levels are counted from the outside on the way down and from the inside on the way up, so that only the former get other names.</remarks>
internal static partial class GrownUNet
{
    /// <summary>Whether a network is another one with a level more outside.</summary>
    public static bool IsLargerThan(UNetConfig small, UNetConfig large) =>
        large.BlockWidths.Skip(1).SequenceEqual(small.BlockWidths)
        && large.Attention.Skip(1).SequenceEqual(small.Attention)
        && large.Heads.Skip(1).SequenceEqual(small.Heads)
        && small.BlockWidths.Index().All(level => small.IsOnlyCross(level.Index) == large.IsOnlyCross(level.Index + 1))
        && large.TimeWidth == small.TimeWidth;

    /// <summary>
    /// Fills the network with the weights of a smaller one, wherever they have the same shape. What is new stays as it is, but for the ends of
    /// its residual branches, which are zero: the blocks of the new level begin by letting everything pass.
    /// </summary>
    /// <remarks>Zero ends: Dhariwal and Nichol (2021), and the code of Ho et al. (2020).</remarks>
    /// <returns>How many weights were taken over.</returns>
    public static int Take(UNet network, TensorArchive small)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var own = network.named_parameters().ToDictionary(item => item.name, item => item.parameter);
        var taken = new HashSet<string>();
        foreach (var (name, entry) in small.Tensors)
        {
            if (own.TryGetValue(NameOf(name), out var weight) && weight.shape.SequenceEqual(entry.Shape))
            {
                weight.copy_(small.ToTensor(name));
                taken.Add(NameOf(name));
            }
        }

        foreach (var name in own.Keys.Where(name => !taken.Contains(name) && BranchEnd().IsMatch(name)))
        {
            own[name].zero_();
        }

        return taken.Count;
    }

    /// <summary>What a weight or layer of the smaller one is called in the larger one.</summary>
    public static string NameOf(string name) => DownBlock().Replace(
        name, match => $"down_blocks.{int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + 1}.");

    [GeneratedRegex(@"^down_blocks\.(\d+)\.")]
    private static partial Regex DownBlock();

    [GeneratedRegex(@"\.(conv2|proj_out)\.(weight|bias)$")]
    private static partial Regex BranchEnd();
}
