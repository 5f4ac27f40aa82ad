namespace Dramatis.Requests;

/// <summary>What becomes of the ground in references that have neither alpha nor a mask.</summary>
public enum CutOutMode
{
    /// <summary>A subject that stands at a place is cut out of a busy ground, where the program can; a plain ground stays.</summary>
    Auto,

    /// <summary>Every subject, whether it has a place or not, is cropped to where it stands in its picture, and keeps the ground that is left around it.</summary>
    Crop,

    /// <summary>The whole picture counts.</summary>
    None,
}
