namespace Dramatis.Requests;

/// <summary>What becomes of the ground in references that have neither alpha nor a mask.</summary>
public enum CutOutMode
{
    /// <summary>A subject that stands at a place is cut out of a busy ground, where the program can; a plain ground stays.</summary>
    Auto,

    /// <summary>The whole picture counts.</summary>
    None,
}
