using Dramatis.Benches.MrBench;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Scores of groups from given features.</summary>
internal sealed class MrBenchCheck : IGoldenCheck
{
    public IReadOnlyList<string> Components => ["mrbench_metrics"];

    public GoldenResult Run(GoldenCase golden)
    {
        var (clip, dino) = (golden.Tensor("generated_clip"), golden.Tensor("generated_dino"));
        var scores = Enumerable.Range(0, (int)clip.shape[0]).Select(i => MrScores.Of(
            (clip[i], golden.Tensor("target_clip")[i], golden.Tensor("reference_clip"), golden.Tensor("text_clip")[i]),
            (dino[i], golden.Tensor("reference_dino"), golden.Tensor("reference_dino")))).ToList();
        (string Name, Func<MrScores, double?> Of)[] all =
        [
            ("clip_i_references", score => score.ClipIReferences),
            ("clip_i_target", score => score.ClipITarget),
            ("clip_t_raw", score => score.ClipTRaw),
            ("clip_t", score => score.ClipT),
            ("dino_i_references", score => score.DinoIReferences),
        ];
        var each = all.Select(item => (item.Name, tensor(scores.Select(score => (float)item.Of(score)!).ToArray())));
        var means = all.Select(item => ($"mean_{item.Name}", tensor((float)scores.Average(item.Of)!)));
        return golden.Compare([.. each.Concat(means).Where(item => golden.Has(item.Item1))]);
    }
}
