namespace Dramatis.Methods;

/// <summary>What a method reads of a request, besides prompt, phrases and strengths. What nothing in a request reads is told to whoever gave it.</summary>
[Flags]
internal enum MethodReads
{
    None = 0,

    /// <summary>References, and more than one of a subject.</summary>
    SeveralReferences = 1,

    ReferenceMasks = 1 << 1,

    /// <summary>The start and the end of a subject.</summary>
    Window = 1 << 2,

    /// <summary>The box that a subject stands in.</summary>
    Place = 1 << 3,

    /// <summary>All of a place that is a mask, not only the box around it.</summary>
    PlaceMask = 1 << 4,

    /// <summary>A place that was found for a subject that came without one.</summary>
    FoundPlaces = 1 << 5,

    /// <summary>The layout <see cref="Requests.LayoutMode.Auto"/>, with its threshold and its first step.</summary>
    AutoLayout = 1 << 6,

    /// <summary>The layout <see cref="Requests.LayoutMode.Whole"/>.</summary>
    WholeLayout = 1 << 7,

    Grounding = 1 << 8,
    Binding = 1 << 9,
    Compat = 1 << 10,

    /// <summary>Whether ControlNets see subjects: its tokens can be shown to networks that do not know it.</summary>
    SeesSubjects = 1 << 11,

    /// <summary>The box that a subject stands in, with a <see cref="Binding"/> alone.</summary>
    BoundPlace = 1 << 12,

    /// <summary>What a language model is told to look for in the references.</summary>
    Instruction = 1 << 13,

    /// <summary>References of the request itself, which no words mean.</summary>
    Group = 1 << 14,

    /// <summary>Subjects that have words and no picture, on a model with a prior, which imagines one.</summary>
    Words = 1 << 15,
}
