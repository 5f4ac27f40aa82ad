using Dramatis.Weights;

namespace Dramatis.Toybox;

/// <summary>Which subjects scenes are made of.</summary>
internal enum SubjectSplit
{
    Seen,
    HeldOut,
    All,
}

/// <summary>How scenes look.</summary>
internal enum SceneStyle
{
    /// <summary>Flat grounds, subjects anywhere with a soft ellipse below.</summary>
    Plain,

    /// <summary>Grounds with detail, light from one side, shadows that follow it, subjects smaller the further back they stand.</summary>
    Lit,
}

/// <summary>What kind of scenes are made.</summary>
internal sealed record SceneOptions
{
    /// <summary>Pixels of a scene, square.</summary>
    public int Side { get; init; } = SceneMaker.Side;

    public SceneStyle Style { get; init; }

    public SubjectSplit Split { get; init; } = SubjectSplit.Seen;

    /// <summary>Grounds for such scenes.</summary>
    /// <param name="variants">Of each kind.</param>
    public Backgrounds Grounds(ulong seed, int variants = Backgrounds.UsualVariants) => new(seed, variants, Side, Style);

    /// <summary>For lit grounds of 256 pixels: up to six subjects, from thin to large.</summary>
    public static SceneOptions Lit { get; } = new()
    {
        Side = 256,
        Style = SceneStyle.Lit,
        Counts = [.02, .15, .2, .18, .18, .13, .14],
        Sizes = (.26, .88),
    };

    /// <summary>Those that a model is trained on which paints so many pixels a side.</summary>
    public static SceneOptions For(int side) => side >= Lit.Side ? Lit : new();

    /// <summary>Those of the size that a model on disk paints; no weights are read.</summary>
    /// <exception cref="Errors.DramatisException">It is no model, or damaged.</exception>
    public static SceneOptions ForModel(string path) => For(ModelDefaults.Of(path).Size.Width);

    /// <summary>Pixels along one side of a reference: half of the scene's.</summary>
    public int ReferenceSide => Side / 2;

    /// <summary>How likely 0, 1, 2, … subjects are; need not sum to 1.</summary>
    public IReadOnlyList<double> Counts { get; init; } = [.03, .27, .4, .2, .1];

    /// <summary>Only the seen subjects with common names, whatever the split.</summary>
    public bool OnlyCommon { get; init; }

    /// <summary>These subjects and no others, each as likely as another, whatever the split.</summary>
    public IReadOnlyList<int>? Only { get; init; }

    /// <summary>The one ground that all stand on; any when null.</summary>
    public (int Kind, int Variant)? Ground { get; init; }

    /// <summary>Longer side of a lone subject, as a fraction of the picture; several subjects are smaller.</summary>
    public (double From, double To) Sizes { get; init; } = (.4, .72);

    /// <summary>Share of captions without the scene's words.</summary>
    public double NoSceneWords { get; init; } = .1;

    /// <summary>Share of scenes that show one subject twice ("two foxes").</summary>
    public double Twins { get; init; } = .05;

    /// <summary>Share of places that are looser than the tight box.</summary>
    public double LoosePlaces { get; init; } = .5;
}
