using Dramatis.Schedules;

namespace Dramatis.Methods.FastComposer;

/// <summary>At which calls of the denoiser words show their subjects.</summary>
/// <param name="ExtraCalls">How many calls a sampler makes beside one a step: PNDM's first is made twice.</param>
/// <param name="Compat">α = 1 - start as binary numbers have it: .8 and .9 of 50 steps come out a call earlier, as in the reference.</param>
internal sealed record FastComposerTiming(int ExtraCalls, bool Compat = false)
{
    private const int Digits = 6;

    public bool Acts(FusedWord word, StepInfo step)
    {
        var steps = step.Count - ExtraCalls;
        var last = Compat ? (1 - (1 - word.Start)) * steps : Math.Round(word.Start * steps, Digits);
        return step.Index > last && (step.Index + 1.0) / step.Count <= word.End;
    }
}
