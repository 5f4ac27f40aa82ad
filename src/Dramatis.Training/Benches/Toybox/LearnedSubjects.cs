using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Tensors;
using Dramatis.Toybox;

namespace Dramatis.Benches.Toybox;

/// <summary>Subjects that the bench has methods learn, and the pictures that they learn them from. All depends on the seed and the scenes alone.</summary>
internal sealed class LearnedSubjects(SubjectBank bank, ulong seed, SceneOptions look)
{
    /// <summary>As many as the papers learn from.</summary>
    public const int PicturesOfEach = 4;

    private const uint Stream = 0x1EA2;
    private const int GroundVariants = 8;
    private const int MostTries = 1000;
    private const int CaptionsWanted = 200;

    private readonly Backgrounds backgrounds = look.Grounds(seed, GroundVariants);

    /// <summary>The scenes that pictures are of.</summary>
    public SceneOptions Look => look;

    /// <summary>Subjects held out of training, of different families and names; the first ones stay when more are wanted.</summary>
    /// <exception cref="InvalidRequestException">The bank has fewer.</exception>
    public IReadOnlyList<int> Choose(int count)
    {
        int[] all = [.. bank.HeldOut.Where(i => bank.Subjects[i].IsBaseForm).DistinctBy(i => bank.Subjects[i].Name)];
        new StableRandom(seed, 0, Stream).Shuffle<int>(all);
        return count <= all.Length
            ? all[..count]
            : throw new InvalidRequestException("--subjects", $"{count} are more than the {all.Length} that the bank holds out.");
    }

    /// <summary>Captions of scenes with other subjects, those of the training: what a method shall leave as it is.</summary>
    public IEnumerable<string> CaptionsOfOthers()
    {
        var maker = new SceneMaker(bank, backgrounds, seed, look with { Counts = [0, 1, 1], NoSceneWords = 0 });
        return Enumerable.Range(0, CaptionsWanted).Select(i => maker.Make(i).Caption);
    }

    /// <summary>Pictures of a subject alone and large, each on a ground of another kind, and where it is in them, white on black.</summary>
    public IReadOnlyList<(Picture Picture, Picture Mask)> Show(int subject)
    {
        var maker = new SceneMaker(bank, backgrounds, seed, look with { Only = [subject], Counts = [0, 1], Sizes = (.5, .85), Twins = 0 });
        return
        [
            .. Enumerable.Range(0, MostTries)
                .Select(i => maker.Make(((long)subject * MostTries) + i))
                .Where(scene => scene.Parts.Count == 1)
                .DistinctBy(scene => scene.Background)
                .Take(PicturesOfEach)
                .Select(scene => (ToyboxPictures.From(scene.Rgb, look.Side), ToyboxPictures.MaskOf(scene, look.Side))),
        ];
    }
}
