namespace Dramatis.Pictures;

/// <summary>The window that weighs source pixels around a target pixel; it widens when a picture shrinks.</summary>
internal enum ResizeFilter
{
    Nearest,
    Box,
    Bilinear,
    Hamming,

    /// <summary>Keys' cubic with a = -0.5.</summary>
    Bicubic,

    /// <summary>Three lobes.</summary>
    Lanczos,
}
