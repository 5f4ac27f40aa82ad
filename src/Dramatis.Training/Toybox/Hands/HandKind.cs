namespace Dramatis.Toybox.Hands;

/// <summary>How a <see cref="Hand"/> draws what it sees.</summary>
internal enum HandKind
{
    /// <summary>Outlines in ink over paler colours, on paper.</summary>
    Ink,

    /// <summary>Pale outlines on a dark ground.</summary>
    Chalk,

    /// <summary>From dark to bright in three colours.</summary>
    Duotone,

    /// <summary>Few levels of each colour.</summary>
    Poster,

    /// <summary>Squares of one colour with joints between them.</summary>
    Mosaic,

    /// <summary>Dots of ink, larger where it is darker.</summary>
    Dots,

    /// <summary>Strokes of ink, closer together where it is darker.</summary>
    Hatching,

    /// <summary>Soft colours that have run, under a tint.</summary>
    Wash,
}
