namespace Dramatis.Training.Toybox;

/// <summary>The numbers of the joint training of base model and adapter.</summary>
/// <remarks>Shares are probabilities; what changes while training goes on does so with its progress, from 0 to 1.</remarks>
internal sealed record BaseRecipe
{
    public int Batch { get; init; } = 16;

    public double LearningRate { get; init; } = 8e-4;

    public int WarmUpSteps { get; init; } = 200;

    /// <summary>What the learning rate falls to, as a fraction, in the second half.</summary>
    public double LastRate { get; init; } = .05;

    public double EmaDecay { get; init; } = .998;

    /// <summary>The recipe for weights that have been trained before: nothing is left of the beginning but the warm-up.</summary>
    public BaseRecipe GoingOn() => this with { Noisiest = (Noisiest.Then, Noisiest.Then) };

    /// <summary>The recipe for a denoiser with a new level outside, which learns little noise last and tells what small cells show.</summary>
    public BaseRecipe ForLarge() => this with { Noisier = .2, BusyReferences = .25, NamedOrders = .25, BoundWords = .75, ShownWords = .5 };

    /// <summary>Captions and phrases left empty.</summary>
    public double TextDropped { get; init; } = .1;

    /// <summary>Orders of the main kind that lose all references.</summary>
    public double ReferencesDropped { get; init; } = .05;

    /// <summary>Subjects that only a reference shows: neither caption nor phrase names them.</summary>
    public double ReferenceOnly { get; init; } = .15;

    /// <summary>Subjects that only the caption names, in an order with references.</summary>
    public double NameOnly { get; init; } = .1;

    /// <summary>References that show their subject turned and lit just as the scene does; the others show it the same way round only.</summary>
    /// <remarks>What a reference leaves open comes out as a mean, and a mean of turned subjects has no edges.</remarks>
    public double SameView { get; init; } = .95;

    /// <summary>References on a busy ground, as photographs have, among those that stand on no scene.</summary>
    public double BusyReferences { get; init; }

    /// <summary>Orders none of whose references is laid into its place: what the prior imagines has tokens alone.</summary>
    public double NoCollage { get; init; } = .15;

    /// <summary>References of the other orders that are not laid: pictures and words stand side by side.</summary>
    public double NotLaid { get; init; } = .1;

    /// <summary>Orders without references; half of them show few large subjects of common names.</summary>
    public double NamedOrders { get; init; } = .1;

    /// <summary>Orders without references whose words are held in their subjects' places.</summary>
    public double BoundWords { get; init; }

    /// <summary>What is added to the logits of those words inside their place, and taken away outside.</summary>
    public double BoundBy { get; init; } = 4;

    /// <summary>Orders with held words in which a picture says what each word means: FastComposer learns beside the denoiser.</summary>
    public double ShownWords { get; init; }

    /// <summary>How much a shown word counts that does not mean what the name of its subject means.</summary>
    public double MeaningWeight { get; init; } = 1;

    /// <summary>The share of the batch at the last, noisiest timestep, at first and after the first third, linear in between.</summary>
    public (double First, double Then) Noisiest { get; init; } = (.5, .05);

    /// <summary>The share of the others drawn from the noisier half of the timesteps; the rest comes from all of them alike.</summary>
    /// <remarks>There the references alone say what a subject looks like: what is learned at little noise, the noisy latents tell.</remarks>
    public double Noisier { get; init; } = .5;

    /// <summary>How often a step shows each order, with other noise each time; encoders and adapter answer once for all of them.</summary>
    public int Draws { get; init; } = 1;

    /// <summary>How much more a cell inside a place counts than one outside: grounds are learned long before subjects are.</summary>
    public double PlaceWeight { get; init; } = 3;

    /// <summary>Captions without the words of the scene.</summary>
    public double NoSceneWords { get; init; } = .1;

    public double NoisiestAt(double progress) =>
        Noisiest.First + ((Noisiest.Then - Noisiest.First) * Math.Min(1, 3 * progress));
}
