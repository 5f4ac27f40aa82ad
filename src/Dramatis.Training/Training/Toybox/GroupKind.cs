namespace Dramatis.Training.Toybox;

/// <summary>What the pictures of a group share; in small letters the first folder of its topic.</summary>
internal enum GroupKind
{
    /// <summary>The hand that drew whatever is seen.</summary>
    Style,

    /// <summary>A subject on different grounds.</summary>
    Subject,

    /// <summary>
    /// A subject on different grounds that other hands drew, each its own; the target is as it is, since nobody could tell whose hand comes next.
    /// </summary>
    Drawn,

    /// <summary>A ground, seen from here or there, with different subjects.</summary>
    Scene,
}
